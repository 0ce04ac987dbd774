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

void keep_one_link(Fields& fields) {
    if (!fields["opportunity"].empty()) fields["contact"] = fields["account"] = "";
    if (!fields["contact"].empty()) fields["account"] = "";
}

void equip_with_refresh_token(sources::HttpSourceOptions& options) {
    options.credentials.clear();
    for (const auto name : {"client_id", "client_secret", "refresh_token"})
        options.credentials[name] = Secret{"pat-eu1-demo"};
}

crmsim::SimulatorOptions simulator_options(const Crm& crm, Clock clock) {
    crmsim::SimulatorOptions options;
    options.dialect = crm.name;
    options.quotas = {.search_per_second = 0, .per_ten_seconds = 0, .per_day = 0};
    options.rotate_refresh_token = crm.rotates_refresh_token;
    options.clock = std::move(clock);
    return options;
}

sources::SourceOptions source_options(tests::HttpBench& bench, const Crm& crm,
                                      const std::string& url) {
    const auto text = crm.manifest ? crm.manifest() : bench.shipped_text(std::string{crm.name});
    auto options = bench.options(tests::replaced_in(text, crm.replaced), url);
    if (crm.equip) crm.equip(std::get<sources::HttpSourceOptions>(options.connector_options));
    return options;
}

std::span<const Crm> crms() {
    static const std::vector<Crm> all{close(),         copper(),       dynamics365(), freshsales(),
                                      google_sheets(), hubspot(),      pipedrive(),   salesforce(),
                                      tally(),         zendesk_sell(), zoho()};
    return all;
}

}  // namespace nudged::adversary
