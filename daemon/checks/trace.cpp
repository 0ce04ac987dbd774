// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/trace.hpp"

namespace nudged::checks {

bool Trace::is_record(std::string_view type, const warehouse::RecordKey& key) const {
    return wanted_.type == type && wanted_.source == key.source && wanted_.id == key.id;
}

bool Trace::is_about(const warehouse::OpenOpportunity& deal) const {
    return is_record("opportunity", deal.key);
}

bool Trace::is_about(const warehouse::OwnedAccount& account) const {
    return is_record("account", account.key);
}

bool Trace::is_about(const warehouse::OpenActivity& activity) const {
    return is_record(to_string(activity.kind), activity.key);
}

bool Trace::is_about(warehouse::PersonId person) const {
    return wanted_.type == "person" && wanted_.id == fmt::format("{}", fmt::underlying(person));
}

bool Trace::is_about(const warehouse::Subject& subject) const {
    return is_record(subject.type, {subject.source, subject.id});
}

}  // namespace nudged::checks
