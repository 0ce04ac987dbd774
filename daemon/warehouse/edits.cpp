// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/edits.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace nudged::warehouse {
namespace {

constexpr std::string_view edits_sql = R"sql(
SELECT s.name, c.changed_by, c.changed_at, c.opportunity
  FROM main.opportunity_change c JOIN source s ON s.id = c.source_id
 WHERE c.changed_by IS NOT NULL AND c.changed_at <= ?1 AND c.deleted_at IS NULL)sql";

struct Edit {
    Instant at;
    std::string opportunity;
};

/// Numbers for authors, so that a walk over all changes keeps one small key a row.
class Authors {
public:
    std::uint64_t number(std::string_view source, std::string_view user) {
        name_.assign(source).append(1, '/').append(user);
        return numbers_.try_emplace(name_, numbers_.size()).first->second;
    }

private:
    std::string name_;
    std::unordered_map<std::string, std::uint64_t> numbers_;
};

constexpr int slot_bits = 40;  // of a key; the author's number stands above

std::uint64_t slot_key(std::uint64_t author, std::int64_t slot) {
    return (author << slot_bits) + static_cast<std::uint64_t>(slot);
}

}  // namespace

// Two walks over the changes, none of which is kept unless it may belong to a mass edit: what
// happened within the time lies in two slots of that length beside each other, so the first walk
// counts by slot and the second looks only at pairs that hold enough.
EditFilter::EditFilter(const Reader& reader, EditRules rules, Instant as_of)
    : rules_(std::move(rules)) {
    const auto length = std::max<std::int64_t>(1, rules_.mass_within.count());
    const auto most = static_cast<std::size_t>(std::max(1, rules_.mass_objects));
    Authors authors;
    std::unordered_map<std::uint64_t, std::size_t> counts;
    {
        auto rows = reader.database().prepare(edits_sql);
        rows.bind(1, to_millis(as_of));
        while (rows.step())
            ++counts[slot_key(authors.number(rows.text(0), rows.text(1)),
                              std::max<std::int64_t>(0, rows.integer(2)) / length)];
    }
    std::set<std::uint64_t> full;
    for (const auto& [key, count] : counts) {
        const auto next = counts.find(key + 1);
        if (count + (next == counts.end() ? 0 : next->second) <= most) continue;
        full.insert(key);
        full.insert(key + 1);
    }
    if (full.empty()) return;

    std::map<Author, std::vector<Edit>> edits;
    auto rows = reader.database().prepare(edits_sql);
    rows.bind(1, to_millis(as_of));
    while (rows.step())
        if (full.contains(slot_key(authors.number(rows.text(0), rows.text(1)),
                                   std::max<std::int64_t>(0, rows.integer(2)) / length)))
            edits[{std::string{rows.text(0)}, std::string{rows.text(1)}}].push_back(
                {from_millis(rows.integer(2)), std::string{rows.text(3)}});
    for (auto& [author, list] : edits) {
        std::sort(list.begin(), list.end(), [](const Edit& one, const Edit& other) {
            return std::tie(one.at, one.opportunity) < std::tie(other.at, other.opportunity);
        });
        std::map<std::string_view, std::size_t> within;  // deals between first and last
        for (std::size_t first = 0, last = 0; last < list.size(); ++last) {
            ++within[list[last].opportunity];
            while (list[last].at - list[first].at > rules_.mass_within) {
                const auto leaving = within.find(list[first++].opportunity);
                if (--leaving->second == 0) within.erase(leaving);
            }
            if (within.size() > most) mass_[author].push_back({list[first].at, list[last].at});
        }
    }
}

bool EditFilter::is_mass(const std::string& source, const std::string& by, Instant at) const {
    if (mass_.empty()) return false;
    const auto found = mass_.find({source, by});
    if (found == mass_.end()) return false;
    // Both ends of the spans only grow, so the first that ends at or after `at` begins earliest.
    const auto span = std::partition_point(found->second.begin(), found->second.end(),
                                           [&](const Span& one) { return one.last < at; });
    return span != found->second.end() && span->first <= at;
}

}  // namespace nudged::warehouse
