"""What differs from run to run, or looks as if it did: order of sets, hashes, identities, the environment of the process."""
import os
import sys

import torch.nn as nn


def _n(width):
    return nn.Linear(width, 1)


def small_ints_of_a_set():
    return _n(list({3, 1, 2})[0])


def ints_of_a_set_in_a_loop():
    return nn.Sequential(*[nn.Linear(i, 1) for i in {5, 2, 7, 1}])


def sorted_strings_of_a_set():
    return _n(len(sorted({'bb', 'a', 'ccc'})[1]))


def one_string_of_a_set():
    return _n(len(next(iter({'seven77'}))))


def size_of_a_list_of_a_set():
    return _n(len(list({'a', 'b'} | {'c'})))


def sorted_in_place():
    names = list({'bb', 'a', 'ccc'})
    names.sort(key=len)
    return _n(len(names[-1]))


def hash_of_an_int():
    return _n(hash(41) % 7)


def keys_by_hash():
    class Key:
        def __init__(self, a):
            self.a = a

        def __hash__(self):
            return hash(('key', self.a))

        def __eq__(self, other):
            return self.a == other.a
    return _n(len({Key('x'), Key('x'), Key('y')}))


def minor_version_of_python():
    return _n(3 if sys.version_info >= (3, 8) else 4)


def environment_that_is_not_set():
    return _n(int(os.environ.get('A_NAME_THAT_NOBODY_SETS', '6')))
