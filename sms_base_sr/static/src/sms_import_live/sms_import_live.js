import { Component, onWillUnmount, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const POLL_MS = 1500;
const ACTIVE = ["reading", "running"];

/** Reloads the form of an import while its job works. */
export class SmsImportLive extends Component {
    static template = xml`<t />`;
    static props = { ...standardWidgetProps };

    setup() {
        const timer = setInterval(() => this.poll(), POLL_MS);
        onWillUnmount(() => clearInterval(timer));
    }

    async poll() {
        const { record } = this.props;
        const active = record.resId && ACTIVE.includes(record.data.state);
        if (active && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("sms_import_live", { component: SmsImportLive });
