"""One suite for every backend: contract.py says what a store is."""

import pytest

pytest.register_assert_rewrite("tests.storage.contract")
