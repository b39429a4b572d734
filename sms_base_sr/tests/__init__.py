from . import test_single_send
