"""What short replies ask for."""

import unittest

from odoo.addons.sms_base_sr.tools.reply_words import (
    DEFAULT_WORDS,
    classify,
    simplify,
    without_courtesy,
)

OPT_OUT = [
    *("SAIR", "sair", "Sair.", "SAIR!!!", " sair ", "PARAR", "Pare", "PARE", "STOP"),
    *("stop.", "CANCELAR", "cancela", "Descadastrar", "REMOVER", "para", "PARA!"),
    *("pode parar", "Pode parar.", "pode   parar", "PODE PARAR!", "Quero sair"),
    *("sair 🙏", "🛑 PARE 🛑", "«sair»", '"SAIR"', "'sair'", "sair\n", "\tSAIR\r\n"),
    *(
        "Não quero receber",
        "NAO QUERO MAIS RECEBER",
        "não perturbe",
        "Não me mande mais",
    ),
    *("por favor, pare", "Pare por favor", "sair, obrigado", "Bom dia. SAIR"),
    *(
        "pare pare pare",
        "SAIR SAIR",
        "ｓａｉｒ",
        "saír",
        "opt-out",
        "Opt out",
        "me remova",
    ),
    *("Favor me remover", "oi, boa tarde, sair por favor obrigada"),
]
INTERESTED = [
    *("SIM", "sim", "Sim!", "SIM QUERO", "sim, quero", "Quero", "quero sim", "Claro!"),
    *("TENHO INTERESSE", "Tenho interesse.", "sim tenho interesse", "👍 sim", "SIM 😀"),
    *("Sim, por favor", "Bom dia, quero", "sim sim", "Me interessa", "pode ligar", "S"),
]
OTHER = [
    *(None, "", " ", "...", "😀", "👍", "ok", "não", "Quem é?", "qual a taxa?", "oi"),
    *("parar de pagar juros", "como faço para sair das dívidas?", "obrigado"),
    *("quero parar de pagar aluguel", "não tenho interesse", "não quero", "sim não"),
    *(
        "para quem é?",
        "cancelar meu contrato atual é possível?",
        "stop loss",
        "bom dia",
    ),
    *("vou sair agora, ligue depois", "simples", "parede", "saira", "стоп", "simm"),
    *("quero saber se é golpe", "por favor", "removeram meu nome do cadastro?"),
]


class TestDefaultWords(unittest.TestCase):
    def test_opt_outs_are_recognised(self):
        for text in OPT_OUT:
            with self.subTest(text=text):
                self.assertEqual(classify(text), "opt_out")

    def test_interest_is_recognised(self):
        for text in INTERESTED:
            with self.subTest(text=text):
                self.assertEqual(classify(text), "interested")

    def test_all_else_is_left_to_people(self):
        for text in OTHER:
            with self.subTest(text=text):
                self.assertEqual(classify(text), "other")

    def test_each_default_phrase_has_its_own_meaning(self):
        for answer, phrases in DEFAULT_WORDS.items():
            for phrase in phrases:
                with self.subTest(phrase=phrase):
                    self.assertEqual(classify(phrase), answer)
                    self.assertEqual(classify(phrase.upper() + " !!"), answer)

    def test_no_phrase_means_both(self):
        lists = [set(map(simplify, phrases)) for phrases in DEFAULT_WORDS.values()]
        self.assertFalse(lists[0] & lists[1])


class TestOwnWords(unittest.TestCase):
    def test_own_phrases_replace_the_default_ones(self):
        words = {"opt_out": ["Não Quero!", "2"], "interested": ["1"]}
        for text, expected in [
            ("nao quero", "opt_out"),
            ("NÃO QUERO", "opt_out"),
            ("2", "opt_out"),
            ("1", "interested"),
            ("sair", "other"),
            ("sim", "other"),
        ]:
            with self.subTest(text=text):
                self.assertEqual(classify(text, words), expected)

    def test_a_missing_key_keeps_the_default_and_an_empty_list_clears_it(self):
        self.assertEqual(classify("sair", {"interested": ["ok"]}), "opt_out")
        self.assertEqual(classify("sair", {"opt_out": []}), "other")

    def test_opt_out_wins_over_interest(self):
        words = {"opt_out": ["sim"], "interested": ["sim"]}
        self.assertEqual(classify("sim", words), "opt_out")

    def test_phrases_without_any_letter_match_nothing(self):
        for text in ("", "!!!", "😀"):
            self.assertEqual(classify(text, {"opt_out": ["", "😀", "..."]}), "other")

    def test_any_iterable_of_phrases_will_do(self):
        for phrases in (["fora"], ("fora",), {"fora"}, iter(["fora"])):
            self.assertEqual(classify("Fora", {"opt_out": phrases}), "opt_out")

    def test_a_string_in_place_of_a_list_is_refused(self):
        with self.assertRaises(TypeError):
            classify("s", {"opt_out": "SAIR PARAR"})

    def test_anywhere_finds_whole_words_inside_a_text(self):
        for text, expected in [
            ("vou sair agora", "opt_out"),
            ("parar de pagar juros", "opt_out"),
            ("simples parede", "other"),
            ("eu disse que sim ontem", "interested"),
        ]:
            with self.subTest(text=text):
                self.assertEqual(classify(text, anywhere=True), expected)


class TestSimplify(unittest.TestCase):
    def test_texts_are_reduced_to_plain_words(self):
        for text, expected in [
            ("  Não,  OBRIGADO! ", "nao obrigado"),
            ("sim SIM Sim", "sim"),
            ("a b a", "a b a"),
            ("1️⃣", "1"),
            (None, ""),
        ]:
            with self.subTest(text=text):
                self.assertEqual(simplify(text), expected)

    def test_courtesy_is_stripped_from_the_ends_only(self):
        for text, expected in [
            ("bom dia sair por favor", "sair"),
            ("sair por favor daqui", "sair por favor daqui"),
            ("por favor", "por favor"),
            ("obrigado por favor", "obrigado"),
            ("favor remover", "remover"),
            ("", ""),
        ]:
            with self.subTest(text=text):
                self.assertEqual(without_courtesy(text), expected)
