#include "tests/ptx/machine/block.hpp"

#include <algorithm>
#include <cstdlib>
#include <random>

#include "tests/cuda_emulation/device/garbage.hpp"
#include "tests/ptx/machine/report.hpp"

namespace ptx {
namespace {

std::size_t round_up(std::size_t bytes, std::size_t to) { return (bytes + to - 1) / to * to; }

std::mt19937& dice() {
  static std::mt19937 all(20'260'101);
  return all;
}

}  // namespace

Schedule schedule() {
  static const Schedule chosen = [] {
    const char* text = std::getenv("GRIDQUEUE_PTX_ORDER");
    const std::string name = text ? text : "forward";
    if (name == "forward") return Schedule::forward;
    if (name == "backward") return Schedule::backward;
    if (name == "random") return Schedule::random;
    cuda_emulation::refuse("GRIDQUEUE_PTX_ORDER must be forward, backward or random");
  }();
  return chosen;
}

Block::Block(const Launch& launch, std::uint32_t index, cuda_emulation::Stacks& stacks)
    : launch_(launch), index_(index), threads_(launch.grid.threads), turn_(launch.grid.threads),
      shared_bytes_(round_up(launch.function->shared, 16) + launch.grid.shared),
      shared_(std::make_unique<std::byte[]>(round_up(shared_bytes_, 16) + 16)), shadow_(shared_bytes_ / 4 + 1) {
  cuda_emulation::fill_with_garbage(shared_.get(), shared_bytes_);
  for (std::uint32_t i = 0; i < threads_.size(); ++i) {
    Thread& t = threads_[i];
    t.index = i, t.stack = stacks.bottom(i);
    t.clock.seen[i % kLanes] = 1;  // before the first barrier nobody has seen anything of the others
    t.fiber.prepare(t.stack, enter);
    turn_[i] = schedule() == Schedule::backward ? static_cast<std::uint32_t>(threads_.size()) - 1 - i : i;
  }
}

void Block::enter() {
  cuda_emulation::Fiber::entered(nullptr);
  running_->launch_.function->body(running_->launch_.at.data());
  running_->end_thread();
}

void Block::arrange() {
  if (schedule() == Schedule::random) std::shuffle(turn_.begin(), turn_.end(), dice());
}

void Block::run() {
  running_ = this;
  std::size_t left = threads_.size();
  while (left > 0 && !abandoned_) {
    bool moved = false;
    arrange();
    for (const std::uint32_t i : turn_) {
      Thread& t = threads_[i];
      if (t.ended || t.waiting) continue;
      moved = true;
      resume(t);
      if (abandoned_) break;
      if (t.ended) {
        --left;
        after_end(t);
      }
    }
    if (!moved) {
      say_stuck();
      break;
    }
  }
  running_ = nullptr;
}

void Block::resume(Thread& thread) {
  active_ = &thread;
  cuda_emulation::Fiber::go(host_, thread.fiber);
}
void Block::hand_over() { cuda_emulation::Fiber::go(active_->fiber, host_); }
void Block::end_thread() {
  active_->ended = true;
  hand_over();
  std::abort();  // nobody resumes it
}
void Block::abandon() {
  abandoned_ = true;
  hand_over();
  std::abort();
}

void Block::after_end(const Thread& ended) {
  const std::uint32_t base = ended.index / kLanes * kLanes;
  for (std::uint32_t i = base; i < std::min<std::size_t>(base + kLanes, threads_.size()); ++i)
    if (threads_[i].waiting && threads_[i].wait.meeting != Meeting::block) try_warp(i);
  if (std::any_of(threads_.begin(), threads_.end(), [](const Thread& t) { return t.waiting; })) try_block();
}

void Block::say_stuck() {
  std::string where;
  for (const Thread& t : threads_)
    if (t.waiting && where.size() < 300)
      where += " thread " + std::to_string(t.index) + " at line " + std::to_string(t.wait.line) + ",";
  active_ = &*std::find_if(threads_.begin(), threads_.end(), [](const Thread& t) { return t.waiting; });
  report("threads wait for others that do not come", active_->wait.line, "waiting:" + where);
}

}  // namespace ptx
