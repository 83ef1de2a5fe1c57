"""PTX's types in C++."""
SIZE = {"pred": 1, "b8": 1, "u8": 1, "s8": 1, "b16": 2, "u16": 2, "s16": 2, "b32": 4, "u32": 4, "s32": 4, "f32": 4,
        "b64": 8, "u64": 8, "s64": 8, "f64": 8}
CPP = {"pred": "bool", "f32": "float", "f64": "double"}
CPP.update({t: f"std::{'' if t[0] == 's' else 'u'}int{t[1:]}_t" for t in SIZE if t not in CPP})


def register_type(ptx):
    """Registers hold bits: an integer's sign is the instruction's matter."""
    return CPP[ptx] if ptx in ("pred", "f32", "f64") else CPP["b" + ptx[1:]]


def is_float(ptx):
    return ptx in ("f32", "f64")
