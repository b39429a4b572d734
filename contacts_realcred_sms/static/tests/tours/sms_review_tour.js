import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** A careful manager: plan, read, drop accents, test, correct, plan again, send. */
registry.category("web_tour.tours").add("sms_review", {
    steps: () => [
        ...stepUtils.goToAppSteps(
            "contacts_realcred.contacts_realcred_menu_root",
            "Open the campaigns"
        ),
        {
            content: "open the campaign",
            trigger: '.o_data_cell:contains("Tour: review")',
            run: "click",
        },
        {
            content: "before a plan the form says what planning is good for",
            trigger: ".o_sms_review_empty",
        },
        {
            content: "plan only",
            trigger: "button[name=action_sms_plan]",
            run: "click",
        },
        {
            content: "the plan is made, without a reload",
            trigger: ".o_sms_review[data-state=ready] [data-tile=price]:contains(R$)",
            timeout: 60000,
        },
        {
            content: "three texts, as the recipients see them",
            trigger: ".o_sms_review:has(.o_sms_sample ~ .o_sms_sample ~ .o_sms_sample)",
        },
        {
            content: "other ones",
            trigger: "button[name=other_samples]",
            run: "click",
        },
        {
            content: "ask for the balance",
            trigger: ".o_sms_refresh_balance",
            run: "click",
        },
        {
            content: "it suffices",
            trigger: '[data-tile=balance]:contains("It suffices")',
            timeout: 20000,
        },
        {
            content: "accents cost money: drop them",
            trigger: "button[name=switch_accents]",
            run: "click",
        },
        {
            content: "the new plan is cheaper",
            trigger: ".o_sms_review[data-state=ready] .o_sms_accents.alert-success",
            timeout: 60000,
        },
        {
            content: "send a test",
            trigger: "button[name=action_sms_test]",
            run: "click",
        },
        {
            content: "to one's own number",
            trigger: ".modal .o_field_widget[name=phone] input",
            run: "edit (11) 98888-7777",
        },
        {
            trigger: ".modal button[name=action_send]",
            run: "click",
        },
        {
            content: "it is on its way",
            trigger: '.o_notification:contains("The test is on its way")',
        },
        {
            content: "another class of SMS",
            trigger: ".o_field_widget[name=sms_message_class] input",
            run: "click",
        },
        {
            trigger: '.o_select_menu_item:contains("Transactional")',
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "the plan no longer matches, and says so",
            trigger: '.o_sms_stale:contains("message class")',
            timeout: 30000,
        },
        {
            content: "plan again",
            trigger: ".o_sms_stale button",
            run: "click",
        },
        {
            content: "it matches",
            trigger:
                ".o_sms_review[data-state=ready]:not(:has(.o_sms_stale)) .o_sms_sample",
            timeout: 60000,
        },
        {
            content: "who is left out, and why",
            trigger: ".o_sms_excluded button[data-reason=landline]",
            run: "click",
        },
        {
            content: "the list of this reason",
            trigger: '.o_breadcrumb:contains("Not a mobile number")',
        },
        {
            trigger: '.o_back_button, .breadcrumb-item:contains("Tour: review") a',
            run: "click",
        },
        {
            content: "send it",
            trigger: "button[name=action_sms_release]",
            run: "click",
        },
        {
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            content: "all is sent",
            trigger: ".o_sms_progress[data-state=done]",
            timeout: 60000,
        },
    ],
});
