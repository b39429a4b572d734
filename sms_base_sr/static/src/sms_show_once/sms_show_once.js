import {Component} from "@odoo/owl";
import {CopyButton} from "@web/core/copy_button/copy_button";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/** Shows a new secret, with buttons to copy it; closed, it is gone. */
export class SmsShowOnce extends Component {
    static template = "sms_base_sr.SmsShowOnce";
    static components = {CopyButton, Dialog};
    static props = {
        close: Function,
        title: String,
        note: String,
        rows: Array,
    };

    get copied() {
        return _t("Copied");
    }
}

registry.category("actions").add("sms_base_sr.show_once", (env, action) => {
    const {title, note, rows} = action.params;
    // Not waited for: the question that led here would stay open underneath.
    env.services.dialog.add(
        SmsShowOnce,
        {title, note, rows},
        // The form then shows until when the old one is valid.
        {onClose: () => env.services.action.doAction("soft_reload")}
    );
});
