from . import test_contacts_realcred
