#include "host/cli/usage_error.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "host/cli/option_check.hpp"

namespace gridqueue {
namespace {

bool is_option(const std::string& word) { return word.size() > 1 && word[0] == '-'; }

std::string full_name(const CLI::App& command) {
  return command.get_parent() ? "gridqueue " + command.get_name() : "gridqueue";
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

std::string unknown_option(const CLI::App& command, const std::string& typed) {
  const std::string name = typed.substr(0, typed.find('='));
  return fmt::format("unknown option '{}' ({} --help lists what there is){}", name, full_name(command),
                     did_you_mean(name, option_names(command)));
}

std::string unknown_command(const CLI::App& app, const std::string& typed) {
  const auto names = command_names(app);
  return fmt::format("unknown command '{}' (there are {}){}", typed, fmt::join(names, ", "),
                     did_you_mean(typed, names));
}

}  // namespace

std::string usage_message(const CLI::App& app, const CLI::ParseError& error) {
  const auto chosen = app.get_subcommands();
  const CLI::App& command = chosen.empty() ? app : *chosen.front();
  // first what nothing took: CLI11 may name what is missing because of it instead
  for (const CLI::App* at : {&app, &command})
    for (const std::string& word : at->remaining())
      if (is_option(word)) return unknown_option(*at, word);
  if (const auto words = app.remaining(); !words.empty()) return unknown_command(app, words.front());
  if (const auto words = command.remaining(); !words.empty() && dynamic_cast<const CLI::ExtrasError*>(&error))
    return fmt::format("'{}' is one argument too many ({} --help lists what it takes)", words.front(),
                       full_name(command));
  return fmt::format("{} ({} --help says more)", error.what(), full_name(command));
}

}  // namespace gridqueue
