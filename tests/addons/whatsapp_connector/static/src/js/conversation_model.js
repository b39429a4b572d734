/** @odoo-module alias=@e71c685495b3fd5a77d050fe9a0ee4564da20c118bd360ce54260886e1bb13ef default=false */
import { user } from "@web/core/user";
import { MessageModel } from "./message_model";

export class ConversationModel {
    messages = [];

    /** News of the bus replace what is known; a request's answer may be older than it. */
    update({ messages = [], ...values }, isNews) {
        if (isNews || !this.id) {
            Object.assign(this, values);
        }
        const known = new Map(this.messages.map((line) => [line.id, line]));
        for (const line of messages) {
            if (isNews || !known.has(line.id)) {
                known.set(line.id, new MessageModel(line));
            }
        }
        this.messages = [...known.values()].sort(
            (a, b) => a.date_message.localeCompare(b.date_message) || a.id - b.id
        );
    }

    get isMine() {
        return this.status === "current" && this.agent_id[0] === user.userId;
    }

    get lastMessage() {
        return this.messages.findLast((line) => !line.isInfo);
    }

    getIconClass() {
        const own = { facebook: "fa fa-facebook", instagram: "fa fa-instagram" };
        return this.show_icon ? own[this.connector_type] || "fa fa-whatsapp" : "";
    }
}
