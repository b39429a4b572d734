from . import test_sample_contract
