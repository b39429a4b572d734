"""Sealing secrets, and where the key comes from."""

import multiprocessing
import os
import stat
import tempfile
import unittest
from pathlib import Path

from cryptography.fernet import Fernet

from odoo.addons.sms_base_sr.tools.secret_box import (
    KeyUnusable,
    SecretBox,
    SecretUnreadable,
    load_keys,
)

ONE, TWO, THREE = (Fernet.generate_key() for _ in range(3))


class TestSealing(unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.box = SecretBox([ONE])

    def test_what_was_sealed_is_opened(self):
        for value in ("", "x", "token-123", "açúcar 😀", "a" * 10000, "line\nbreak\0"):
            with self.subTest(value=value[:10]):
                self.assertEqual(self.box.open(self.box.seal(value)), value)

    def test_it_knows_what_the_newest_key_has_sealed(self):
        both = SecretBox([TWO, ONE])
        table = {both.seal("x"): True, self.box.seal("x"): False, "x": False, "": False}
        for sealed, expected in table.items():
            with self.subTest(sealed=sealed[:8]):
                self.assertIs(both.is_newest(sealed), expected)
        self.assertTrue(both.is_newest(both.reseal(self.box.seal("x"))))

    def test_a_sealed_value_is_ascii_and_hides_the_value(self):
        sealed = self.box.seal("very-secret-token")
        self.assertTrue(sealed.isascii())
        self.assertNotIn("secret", sealed)

    def test_the_same_value_is_sealed_differently_each_time(self):
        self.assertNotEqual(self.box.seal("x"), self.box.seal("x"))

    def test_another_key_cannot_open_and_says_what_to_do(self):
        with self.assertRaises(SecretUnreadable) as caught:
            SecretBox([TWO]).open(self.box.seal("very-secret-token"))
        self.assertIn("enter the secrets again", str(caught.exception))
        self.assertNotIn("very-secret-token", str(caught.exception))
        self.assertIsNone(caught.exception.__cause__)

    def test_what_was_never_sealed_is_unreadable(self):
        sealed = self.box.seal("x")
        broken = [*(None, False, "", "x", "é", "gAAAAA", sealed[:-4], sealed[4:])]
        broken += [sealed.swapcase(), "A" + sealed, "\ud800", "{}"]
        for value in broken:
            with self.subTest(value=value), self.assertRaises(SecretUnreadable):
                self.box.open(value)

    def test_a_single_changed_character_is_noticed(self):
        sealed = self.box.seal("value")
        for position in range(0, len(sealed) - 3, 7):
            changed = "A" if sealed[position] != "A" else "B"
            forged = sealed[:position] + changed + sealed[position + 1 :]
            with self.subTest(position=position), self.assertRaises(SecretUnreadable):
                self.box.open(forged)

    def test_neither_the_box_nor_its_repr_shows_a_key(self):
        self.assertNotIn(ONE.decode(), repr(self.box) + str(vars(self.box)))


class TestRotation(unittest.TestCase):
    def test_a_new_first_key_still_opens_old_values(self):
        old = SecretBox([ONE]).seal("x")
        self.assertEqual(SecretBox([TWO, ONE]).open(old), "x")

    def test_the_first_key_seals(self):
        sealed = SecretBox([TWO, ONE]).seal("x")
        self.assertEqual(SecretBox([TWO]).open(sealed), "x")
        with self.assertRaises(SecretUnreadable):
            SecretBox([ONE]).open(sealed)

    def test_resealing_makes_the_old_key_superfluous(self):
        old = SecretBox([ONE]).seal("x")
        self.assertEqual(SecretBox([TWO]).open(SecretBox([TWO, ONE]).reseal(old)), "x")

    def test_resealing_what_cannot_be_read_is_an_error(self):
        with self.assertRaises(SecretUnreadable):
            SecretBox([TWO]).reseal(SecretBox([ONE]).seal("x"))


class TestFingerprint(unittest.TestCase):
    def test_it_is_64_hex_digits_and_stable(self):
        first = SecretBox([ONE]).fingerprint("path")
        self.assertRegex(first, r"^[0-9a-f]{64}$")
        self.assertEqual(SecretBox([ONE]).fingerprint("path"), first)

    def test_another_value_or_key_gives_another(self):
        box = SecretBox([ONE])
        self.assertNotEqual(box.fingerprint("a"), box.fingerprint("b"))
        self.assertNotEqual(box.fingerprint("a"), SecretBox([TWO]).fingerprint("a"))

    def test_after_a_rotation_the_old_one_is_still_looked_for(self):
        old = SecretBox([ONE]).fingerprint("path")
        box = SecretBox([TWO, ONE])
        self.assertIn(old, box.fingerprints("path"))
        self.assertEqual(box.fingerprints("path")[0], box.fingerprint("path"))


class TestKeys(unittest.TestCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.file = self.root / "sms_keys" / "deep" / "some-uuid"

    def test_the_environment_comes_before_the_configuration_and_the_file(self):
        self.file.parent.mkdir(parents=True)
        self.file.write_bytes(THREE)
        for env, config, expected in [
            (ONE.decode(), TWO.decode(), ONE),
            (None, TWO.decode(), TWO),
            ("", TWO.decode(), TWO),
            ("  ", TWO.decode(), TWO),
            (None, None, THREE),
            ("", " ", THREE),
        ]:
            with self.subTest(env=bool(env), config=bool(config)):
                self.assertEqual(load_keys(env, config, self.file), [expected])

    def test_no_file_is_made_when_a_key_is_configured(self):
        load_keys(ONE.decode(), None, self.file)
        self.assertFalse(self.file.parent.exists())

    def test_several_keys_are_separated_by_commas(self):
        value = f" {ONE.decode()} , {TWO.decode()},"
        self.assertEqual(load_keys(value, None, self.file), [ONE, TWO])

    def test_a_value_that_is_no_key_is_an_error_that_hides_it(self):
        for value in (
            "hunter2",
            f"{ONE.decode()},hunter2",
            ",",
            "é",
            ONE.decode()[:-2],
        ):
            for arguments in ((value, None), (None, value)):
                with self.subTest(value=value):
                    with self.assertRaises(KeyUnusable) as caught:
                        load_keys(*arguments, self.file)
                    self.assertNotIn("hunter2", str(caught.exception))
                    self.assertIsNone(caught.exception.__cause__)

    def test_a_wrong_environment_never_falls_back_to_the_file(self):
        with self.assertRaises(KeyUnusable):
            load_keys("wrong", None, self.file)
        self.assertFalse(self.file.exists())

    def test_the_file_is_made_private_and_read_again(self):
        keys = load_keys(None, None, self.file)
        self.assertEqual(load_keys(None, None, self.file), keys)
        self.assertEqual(stat.S_IMODE(self.file.stat().st_mode), 0o600)
        for folder in (self.file.parent, self.file.parent.parent):
            self.assertEqual(stat.S_IMODE(folder.stat().st_mode), 0o700)
        self.assertEqual(SecretBox(keys).open(SecretBox(keys).seal("x")), "x")

    def test_a_lax_umask_changes_nothing(self):
        former = os.umask(0)
        try:
            load_keys(None, None, self.file)
        finally:
            os.umask(former)
        self.assertEqual(stat.S_IMODE(self.file.stat().st_mode), 0o600)

    def test_no_draft_is_left_behind(self):
        load_keys(None, None, self.file)
        self.assertEqual(os.listdir(self.file.parent), [self.file.name])

    def test_a_file_that_holds_no_key_is_an_error_and_stays(self):
        self.file.parent.mkdir(parents=True)
        for content in (b"", b"hunter2", b"\xff\xfe"):
            self.file.write_bytes(content)
            with self.subTest(content=content), self.assertRaises(KeyUnusable):
                load_keys(None, None, self.file)
            self.assertEqual(self.file.read_bytes(), content)

    def test_of_many_processes_all_get_the_same_key(self):
        context = multiprocessing.get_context("fork")
        for attempt in range(5):
            path = self.file.with_name(f"race-{attempt}")
            barrier, queue = context.Barrier(8), context.Queue()
            workers = [
                context.Process(target=_load_at_once, args=(barrier, queue, path))
                for _ in range(8)
            ]
            for worker in workers:
                worker.start()
            keys = {tuple(queue.get(timeout=30)) for _ in workers}
            for worker in workers:
                worker.join()
            self.assertEqual(len(keys), 1)

    def test_a_box_needs_a_key(self):
        for keys in ([], [b"short"], [None], ["é"]):
            with self.subTest(keys=keys), self.assertRaises(KeyUnusable):
                SecretBox(keys)


def _load_at_once(barrier, queue, path):
    barrier.wait()
    queue.put(load_keys(None, None, path))
