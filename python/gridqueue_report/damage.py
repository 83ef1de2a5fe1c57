"""What a results file must hold for its numbers to mean something: all that comes from a file is judged before it is an index, a size or a number."""

from contextlib import contextmanager

import h5py
import numpy as np

LARGEST = 1e24        # no result is larger
PACKED = 1100         # deflate makes no more bytes of one


class BadResults(Exception):
    """A file that is missing, of another kind, empty or damaged; the text is for the user."""


def damaged(file, what):
    return BadResults(f"'{file.filename}' is damaged ({what}); run the study again, or take another copy")


@contextmanager
def reading(path):
    """Whatever goes wrong while a file is read is its damage."""
    try:
        yield
    except BadResults:
        raise
    except Exception as error:  # HDF5 and numpy raise what they like
        why = (str(error).splitlines() or [""])[0][:200]
        raise BadResults(f"'{path}' is damaged ({type(error).__name__}: {why}); run the study again, or take another copy") from error


def check_sizes(file):
    """Whether what datasets claim to hold can be in the file at all."""
    def check(name, d):
        if isinstance(d, h5py.Dataset):
            if d.shape is None:
                raise damaged(file, f"'{name}' has no value")
            if d.size * d.dtype.itemsize > 4096 + PACKED * d.id.get_storage_size():
                raise damaged(file, f"'{name}' claims {d.size:.3g} values, which are not in the file")
    file.visititems(check)


def array(file, name, *shape, missing=False, ids=None):
    """All of a dataset of numbers. `shape`: of each axis, None = any; of the first one that many are read, and must be there. `missing`: NaN may
    stand in it. `ids`: (least, end) of what they may be."""
    d = file[name]
    if not isinstance(d, h5py.Dataset) or d.dtype.kind not in "iuf" or d.ndim != len(shape):
        raise damaged(file, f"'{name}' is no table of {len(shape)} dimensions")
    values = d[:] if shape[0] is None else d[:shape[0]]
    if any(want is not None and have != want for have, want in zip(values.shape, shape)):
        raise damaged(file, f"'{name}' has {' x '.join(map(str, values.shape))} values instead of {' x '.join(map(str, shape))}")
    if values.dtype.kind == "f":
        fit = np.abs(values) <= LARGEST
        if not (fit | np.isnan(values) if missing else fit).all():
            raise damaged(file, f"'{name}' holds what is no result")
    if ids is not None:
        check_ids(file, name, values, *ids)
    return values


def check_ids(file, name, values, least, end):
    if values.dtype.kind not in "iu" or ((values < least) | (values >= end)).any():
        raise damaged(file, f"'{name}' names rows that are not there")
