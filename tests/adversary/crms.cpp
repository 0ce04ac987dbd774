// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/crm_rows.hpp"

namespace nudged::adversary {

std::string same_id(ObjectType /*type*/, std::int64_t id) {
    return std::to_string(id);
}

std::string same_user(const crmsim::Owner& owner) {
    return std::to_string(owner.id);
}

std::string same_stage(const std::string& stage) {
    return stage;
}

bool is_done_call(const Shown& task) {
    return task.property("hs_task_type") == "CALL" &&
           task.property("hs_task_status") == "COMPLETED";
}

bool is_no_done_call(const Shown& task) {
    return !is_done_call(task);
}

void equip_with_refresh_token(sources::HttpSourceOptions& options) {
    options.credentials.clear();
    for (const auto name : {"client_id", "client_secret", "refresh_token"})
        options.credentials[name] = Secret{"pat-eu1-demo"};
}

std::span<const Crm> crms() {
    static const std::vector<Crm> all{close(),      dynamics365(), hubspot(), pipedrive(),
                                      salesforce(), tally(),       zoho()};
    return all;
}

}  // namespace nudged::adversary
