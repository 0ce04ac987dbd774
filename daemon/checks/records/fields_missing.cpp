// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "daemon/checks/baselines.hpp"
#include "daemon/checks/book.hpp"
#include "daemon/checks/holds.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/warehouse/deal_values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

namespace nudged::checks {
namespace {

using warehouse::OpenOpportunity;

/// What a deal needs in the stage that it is in.
std::set<std::string> required_of(const FieldsMissing& rule, const OpenOpportunity& deal) {
    std::set<std::string> required(rule.fields.begin(), rule.fields.end());
    for (const auto& stage : {deal.stage, deal.stage_id}) {
        const auto found = rule.stages.find(stage);
        if (found != rule.stages.end()) required.insert(found->second.begin(), found->second.end());
    }
    return required;
}

/// What has a history is of the moment that is judged.
std::optional<std::string> value_then(const OpenOpportunity& deal, const std::string& field) {
    if (field == "amount") return deal.amount ? deal.amount->str() : "";
    if (field == "close_date") return deal.close_date ? format_date(*deal.close_date) : "";
    if (field == "next_step") return deal.next_step;
    if (field == "forecast_category") return deal.forecast_category;
    if (field == "owner") return deal.owner_user;
    if (field == "stage") return deal.stage_id;
    return std::nullopt;
}

bool is_missing(const std::string& field, const std::string& value) {
    return field == "amount" ? value.empty() || value == "0" : is_placeholder(value);
}

/// Which fields a source gives at all: one that it never tells is empty everywhere, and that is
/// nobody's omission. Said once.
class ToldFields {
public:
    ToldFields(const Scene& scene, std::vector<Held>& held) : scene_(scene), held_(held) {}

    void note(const std::string& source, const std::string& field) {
        told_[{source, field}] = baselines_of(scene_).told_fields[{source, field}] = true;
    }
    bool tells(const OpenOpportunity& deal, const std::string& field) {
        const auto& source = deal.key.source;
        const auto [known, is_new] = told_.try_emplace({source, field}, true);
        if (is_new)
            known->second = baselines_of(scene_).told_fields[{source, field}] =
                warehouse::is_field_told(scene_.reader, source, field);
        if (known->second) return true;
        const Held hold{"opp.fields_missing", source,
                        fmt::format("{} gives no {} of any opportunity", source, field), false};
        if (is_new) held_.push_back(hold);
        note_hold(scene_, hold, {HeldFor::What::opportunity, deal.key});
        return false;
    }

private:
    const Scene& scene_;
    std::vector<Held>& held_;
    std::map<std::pair<std::string, std::string>, bool> told_;
};

}  // namespace

void opp_fields_missing(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    struct Case {
        const OpenOpportunity* deal;
        std::set<std::string> required;
    };
    std::vector<Case> cases;
    std::set<std::string> wanted;
    for (const auto& deal : book_of(scene).opportunities) {
        const Owner owner = owner_of(scene, deal.owner);
        auto required = required_of(options_for(scene, deal, owner).opp_fields_missing, deal);
        if (required.empty()) {
            quiet(scene, "opp.fields_missing", deal, "its stage, {}, demands no field", deal.stage);
            continue;
        }
        wanted.insert(required.begin(), required.end());
        cases.push_back({&deal, std::move(required)});
    }
    if (cases.empty()) return;
    const std::vector<std::string> fields(wanted.begin(), wanted.end());
    const auto values = warehouse::read_deal_values(scene.reader, fields, scene.as_of);

    Proof proof(scene, "opp.fields_missing", opportunity_feed(), held);
    ToldFields told{scene, held};
    for (const auto& [key, stored] : values)
        for (std::size_t i = 0; i < fields.size(); ++i)
            if (!stored[i].empty()) told.note(key.source, fields[i]);
    for (const auto& [deal, required] : cases) {
        const auto stored = values.find(deal->key);
        if (stored == values.end()) continue;
        std::vector<std::string> missing;
        for (std::size_t i = 0; i < fields.size(); ++i)
            if (required.contains(fields[i]) &&
                is_missing(fields[i], value_then(*deal, fields[i]).value_or(stored->second[i])) &&
                told.tells(*deal, fields[i]))
                missing.push_back(fields[i]);
        if (missing.empty()) {
            quiet(scene, "opp.fields_missing", *deal,
                  "none of the {} fields that its stage demands is known to be empty",
                  required.size());
            continue;
        }
        if (!proof.holds(*deal)) continue;
        Finding finding = finding_about("opp.fields_missing", *deal, owner_of(scene, deal->owner));
        finding.severity = Severity::info;
        finding.since = deal->stage_since.value_or(scene.as_of);
        finding.summary = fmt::format("{} of what this stage needs {} empty: {}.",
                                      count_text(missing.size(), "field"),
                                      missing.size() == 1 ? "is" : "are", fmt::join(missing, ", "));
        finding.question = "What is known about this already, and who can tell the rest?";
        for (const auto& field : missing) finding.evidence.push_back({"empty", field, deal->url});
        add_deal_evidence(finding, *deal);
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
