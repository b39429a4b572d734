import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const openCampaign = (name) => [
    ...stepUtils.goToAppSteps(
        "contacts_realcred.contacts_realcred_menu_root",
        "Open the campaigns"
    ),
    {
        content: `open ${name}`,
        trigger: `.o_data_cell:contains("${name}")`,
        run: "click",
    },
];

/** A manager gives a campaign its date, sees what waits, and sends it after all. */
registry.category("web_tour.tours").add("sms_schedule", {
    steps: () => [
        ...openCampaign("Tour: schedule"),
        {
            content: "press Schedule",
            trigger: "button[name=action_sms_schedule]:contains('Schedule')",
            run: "click",
        },
        {
            content: "the dialog says when the first SMS leave",
            trigger: '.modal [name=hint]:contains("The first SMS leave on")',
        },
        {
            content: "schedule it",
            trigger: ".modal button[name=action_schedule]",
            run: "click",
        },
        {
            content: "it is planned and waits for its start, without a reload",
            trigger: ".o_sms_review[data-state=scheduled]",
            timeout: 60000,
        },
        {
            content: "the form says when it leaves, and how much",
            trigger: '.o_sms_review:contains("Leaves on"):contains("1 batch, 3 SMS")',
        },
        {
            content: "send it now after all",
            trigger: "button[name=action_sms_release]:contains('Send now')",
            run: "click",
        },
        {
            content: "confirm",
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

/** What was not sent in time asks the manager, who gives it a new date or cancels. */
registry.category("web_tour.tours").add("sms_schedule_expired", {
    steps: () => [
        ...openCampaign("Tour: too late"),
        {
            content: "the banner says so",
            trigger: '.alert:contains("Not sent in time")',
        },
        {
            content: "ask for a new date",
            trigger: ".alert button[name=action_sms_schedule]",
            run: "click",
        },
        {
            content: "schedule it",
            trigger: ".modal button[name=action_schedule]",
            run: "click",
        },
        {
            content: "it waits for its new date",
            trigger: ".o_sms_review[data-state=scheduled]",
            timeout: 60000,
        },
        {
            content: "the banner is gone",
            trigger: '.o_form_view:not(:has(.alert:contains("Not sent in time")))',
        },
        {
            content: "cancel it",
            trigger: ".o_statusbar_buttons button[name=action_sms_cancel]",
            run: "click",
        },
        {
            content: "confirm",
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            content: "it is cancelled",
            trigger: ".o_sms_progress[data-state=canceled]",
            timeout: 60000,
        },
    ],
});
