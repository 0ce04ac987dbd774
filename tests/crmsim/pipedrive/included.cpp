// SPDX-License-Identifier: Apache-2.0
// include_fields: what costs Pipedrive more to find out than to store.
#include "tests/crmsim/pipedrive/account.hpp"

#include <algorithm>
#include <utility>

namespace nudged::crmsim::pipedrive {
namespace {

struct Neighbours {
    std::int64_t done = 0;
    std::int64_t undone = 0;
    std::pair<Instant, std::int64_t> next{Instant::max(), 0};
    std::pair<Instant, std::int64_t> last{Instant::min(), 0};
    std::map<std::string_view, std::int64_t> deals{};  // by status
};

Neighbours neighbours_of(const Account& account, const RecordView& record) {
    Neighbours found;
    for (const ObjectType type : activity_types)
        for (const std::int64_t id : record.linked(type)) {
            const Record* other = account.dataset.find(type, id);
            if (other == nullptr || other->archived) continue;
            const RecordView activity(account.dataset, type, *other);
            const auto at = due(activity).value_or(activity.created());
            if (is_done(activity)) {
                ++found.done;
                found.last = std::max(found.last, {at, id});
            } else {
                ++found.undone;
                found.next = std::min(found.next, {at, id});
            }
        }
    for (const std::int64_t id : record.linked(ObjectType::deals))
        if (const Record* deal = account.dataset.find(ObjectType::deals, id))
            ++found.deals[state_of(RecordView(account.dataset, ObjectType::deals, *deal)).status];
    return found;
}

std::optional<std::int64_t> id_in(const std::pair<Instant, std::int64_t>& activity) {
    return activity.second == 0 ? std::nullopt : std::optional(activity.second);
}

}  // namespace

void write_included(JsonWriter& json, const Account& account, const RecordView& record,
                    const std::vector<std::string>& included) {
    if (included.empty()) return;
    Neighbours near = neighbours_of(account, record);
    const std::map<std::string_view, std::int64_t> counts{
        {"activities_count", near.done + near.undone},
        {"done_activities_count", near.done},
        {"undone_activities_count", near.undone},
        {"open_deals_count", near.deals["open"]},
        {"won_deals_count", near.deals["won"]},
        {"lost_deals_count", near.deals["lost"]},
        {"closed_deals_count", near.deals["won"] + near.deals["lost"]},
        {"people_count", static_cast<std::int64_t>(record.linked(ObjectType::contacts).size())},
        {"participants_count",
         static_cast<std::int64_t>(record.linked(ObjectType::contacts).size())}};
    for (const std::string& name : included) {
        const auto count = counts.find(name);
        if (name == "source_lead_id") continue;  // shown anyway
        if (name == "next_activity_id")
            member_or_null(json, name, id_in(near.next));
        else if (name == "last_activity_id")
            member_or_null(json, name, id_in(near.last));
        else if (count != counts.end())
            json.member(name, count->second);
        else if (name.ends_with("_count"))
            json.member(name, std::int64_t{0});  // of what the data set has none
        else
            json.null_member(name);
    }
}

}  // namespace nudged::crmsim::pipedrive
