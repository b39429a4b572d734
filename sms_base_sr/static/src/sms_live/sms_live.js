import { Component, onWillUnmount, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const POLL_MS = 1500;
const WAITING = ["outgoing", "sent"];

/** Reloads an SMS's form when its state changes, while it is on its way. */
export class SmsLive extends Component {
    static template = xml`<t />`;
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        const timer = setInterval(() => this.poll(), POLL_MS);
        onWillUnmount(() => clearInterval(timer));
    }

    async poll() {
        const { record } = this.props;
        if (!record.resId || !WAITING.includes(record.data.state)) {
            return;
        }
        const [row] = await this.orm.silent.read(record.resModel, [record.resId], [
            "state",
        ]);
        if (row.state !== record.data.state && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("sms_live", { component: SmsLive });
