import unittest

from ..tools.number_list import brazilian, find_column


class TestNumbers(unittest.TestCase):
    """A register's numbers, however they are written."""

    def test_ways_to_write_a_number(self):
        cases = [
            ("11912345678", "+5511912345678"),
            ("(11) 91234-5678", "+5511912345678"),
            ("+55 11 91234-5678", "+5511912345678"),
            ("5511912345678", "+5511912345678"),
            ("011912345678", "+5511912345678"),
            ("1133334444", "+551133334444"),
            ("551133334444", "+551133334444"),
            # Before the ninth digit.
            ("1181234567", "+5511981234567"),
            # Area code 55.
            ("55912345678", "+5555912345678"),
            ("5533334444", "+555533334444"),
        ]
        for text, number in cases:
            with self.subTest(text):
                self.assertEqual(brazilian(text), number)

    def test_what_is_no_number(self):
        texts = (None, "", "abc", "123", "20912345678", "11112345678")
        for text in (*texts, "1112345678", "119123456789", "00000000000"):
            with self.subTest(text):
                self.assertIsNone(brazilian(text))


class TestColumns(unittest.TestCase):
    """Which column holds the numbers is found by what stands in it."""

    def numbers_of(self, rows):
        reader = find_column(rows, brazilian)
        return reader and [brazilian(reader(row)) for row in rows]

    def test_the_column_with_most_numbers_is_read(self):
        rows = [["NOME", "TELEFONE"], ["Ana", "11912345678"], ["Bia", ""]]
        self.assertEqual(self.numbers_of(rows), [None, "+5511912345678", None])

    def test_one_column_is_enough(self):
        self.assertEqual(self.numbers_of([["11912345678"]]), ["+5511912345678"])

    def test_area_code_and_number_in_two_columns(self):
        rows = [["DDD", "NUMERO"], ["11", "912345678"], ["21", "33334444"]]
        self.assertEqual(
            self.numbers_of(rows), [None, "+5511912345678", "+552133334444"]
        )

    def test_a_short_row_has_no_number(self):
        rows = [["1", "11912345678"], ["2"]]
        self.assertEqual(self.numbers_of(rows), ["+5511912345678", None])

    def test_a_file_without_numbers_has_no_such_column(self):
        self.assertIsNone(self.numbers_of([["a", "b"], ["c", "d"]]))
        self.assertIsNone(self.numbers_of([]))
