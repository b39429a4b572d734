from .link_case import TARGET, LinkCase

TEXTS = {"text": f"Ola {TARGET}", "text_b": f"Oi {TARGET}"}


class TestClickResults(LinkCase):
    """What the links of a campaign have brought."""

    def sent_linked_run(self, count=4, **values):
        return self.sent_run(
            count, count_clicks=True, **{"text": f"Ola {TARGET}", **values}
        )

    def test_the_summary_tells_who_clicked_of_those_reached(self):
        run = self.sent_linked_run(4)
        messages = self.messages(run)
        self.deliver(messages)
        self.click(messages[0], messages[0], messages[1])
        summary = self.summary(run)
        self.assertEqual((summary["clicked"], summary["clicks"]), (2, 3))
        self.assertEqual(summary["click_rate"], 50.0)

    def test_who_clicked_has_got_it_whether_reported_or_not(self):
        run = self.sent_linked_run(4)
        self.click(self.messages(run)[0])
        self.assertEqual(self.summary(run)["click_rate"], 100.0)

    def test_a_campaign_without_the_switch_tells_nothing_of_clicks(self):
        self.assertNotIn("clicked", self.summary(self.sent_run(2)))

    def test_the_figure_opens_the_list_of_who_clicked(self):
        run = self.sent_linked_run(4)
        clicked = self.messages(run)[2]
        self.click(clicked)
        action = run.with_user(self.manager).action_view_figure("clicked")
        messages = self.env["sms.message"].with_user(self.manager)
        self.assertEqual(messages.search(action["domain"]).ids, clicked.ids)
        self.assertIn(run.name, action["name"])

    def test_opening_the_form_counts_no_clicks(self):
        run = self.sent_linked_run(4)
        self.click(*self.messages(run))
        self.summary(run)
        queries = []
        execute = type(self.env.cr).execute

        def spy(cr, query, *args, **kwargs):
            queries.append(getattr(query, "code", query))
            return execute(cr, query, *args, **kwargs)

        self.patch(type(self.env.cr), "execute", spy)
        run._read_summary()
        self.assertTrue(any("sms_run_click" in query for query in queries))
        self.assertFalse([q for q in queries if "link_tracker_click" in q])

    # -- two texts ---------------------------------------------------------------------

    def test_two_texts_are_compared_by_their_clicks(self):
        run = self.sent_linked_run(200, **TEXTS)
        messages = self.messages(run)
        self.deliver(messages)
        second = messages.filtered(lambda m: m.variant == "b")
        self.click(*second[: len(second) // 2])
        ab = self.summary(run)["ab"]
        self.assertEqual(ab["b"]["clicked"], len(second) // 2)
        self.assertEqual(ab["a"]["clicked"], 0)
        self.assertAlmostEqual(ab["b"]["click_rate"], 50.0, delta=1)
        self.assertEqual(ab["clicks"]["winner"], "b")
        self.assertGreater(ab["clicks"]["low"], 0)

    def test_before_anybody_was_reached_there_is_nothing_to_compare(self):
        run = self.linked_run(20, **TEXTS)
        self.assertEqual(run._read_ab()["clicks"], {"difference": None, "winner": None})

    # -- reports -----------------------------------------------------------------------

    def test_the_report_adds_clicks_to_the_other_figures(self):
        run = self.sent_linked_run(60, **TEXTS)
        messages = self.messages(run)
        self.deliver(messages)
        self.click(*messages[:7])
        self.summary(run)
        report = self.env["sms.report"].with_user(self.manager)
        measures = ["clicked:sum", "delivered:sum", "accepted:sum", "n:sum"]
        [row] = report._read_group([("run_id", "=", run.id)], ["run_id"], measures)
        self.assertEqual(row[1:], (7, 60, 60, 60))
        by_text = dict(
            report._read_group([("run_id", "=", run.id)], ["variant"], ["clicked:sum"])
        )
        expected = [messages[:7].mapped("variant").count(v) for v in "ab"]
        self.assertEqual([by_text["a"], by_text["b"]], expected)

    def test_no_two_lines_of_the_report_have_the_same_id(self):
        run = self.sent_linked_run(60, **TEXTS)
        self.campaign.add(False, raw_phone="12")
        self.click(*self.messages(run)[:7])
        self.summary(run)
        self.env.cr.execute(
            "SELECT count(*), count(DISTINCT id) FROM (%s) r"
            % self.env["sms.report"]._table_query.code
        )
        lines, different = self.env.cr.fetchone()
        self.assertEqual(lines, different)

    def test_a_line_opens_its_messages(self):
        run = self.sent_linked_run(4)
        self.click(self.messages(run)[0])
        self.summary(run)
        line = self.env["sms.report"].search(
            [("run_id", "=", run.id), ("clicked", ">", 0)]
        )
        self.assertEqual(line.clicked, 1)
        self.assertEqual(line.action_open()["res_model"], "sms.message")
