// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A simulated HubSpot: what it stores, and how it answers.
namespace nudged::crmsim {

enum class ObjectType { calls, tasks, meetings, deals, companies, contacts };
inline constexpr std::array all_types{ObjectType::calls,     ObjectType::tasks,
                                      ObjectType::meetings,  ObjectType::deals,
                                      ObjectType::companies, ObjectType::contacts};

/// How the search compares a property. The first three are the record's own members.
enum class PropertyKind { id, created, modified, text, number, time };

struct Property {
    std::string name;
    PropertyKind kind;
};

struct Schema {
    ObjectType type;
    std::string_view name;      // "calls", as in paths
    std::string_view singular;  // "call", as in messages and association types
    std::vector<Property> properties;
    std::vector<std::size_t> shown;  // what an answer holds when no property is asked for

    std::optional<std::size_t> find(std::string_view property) const;
};

const Schema& schema_of(ObjectType type);
std::optional<ObjectType> parse_object_type(std::string_view name);

/// Property values to write; nullopt is null. All of them are texts, as HubSpot has it.
using Properties = std::map<std::string, std::optional<std::string>, std::less<>>;

/// The stored values of one record, a value a property of its schema, in one piece of memory: a
/// benchmark holds hundreds of thousands of them.
class Values {
public:
    explicit Values(const std::vector<std::optional<std::string>>& values);
    std::optional<std::string_view> at(std::size_t property) const;

private:
    static constexpr std::uint32_t null_mark = 1u << 31;
    std::string bytes_;
    std::vector<std::uint32_t> ends_;
};

struct Record {
    std::int64_t id;
    Instant created;
    Instant modified;
    std::optional<Instant> archived;
    Values values;
};

/// A property as the API shows it: always text, or null.
std::optional<std::string> value_of(const Schema& schema, const Record& record,
                                    std::size_t property);

struct PastValue {
    std::string value;
    Instant at;
    std::int64_t by = 0;  // the number of the user who saved it; 0: a program
};

struct Owner {
    std::int64_t id;
    std::string email;  // empty: null, as queues have it
    std::string first_name;
    std::string last_name;
    std::int64_t user_id;  // 0: none
    bool archived = false;
    std::string team;  // may be empty
};

struct Stage {
    std::string id;
    std::string label;
    std::string probability;
    bool closed;
};

/// The one deal pipeline, "default", in its order.
std::span<const Stage> stages();

/// Everything one portal stores. Not thread-safe: the simulator guards it.
class Dataset {
public:
    std::string time_zone = "Europe/Berlin";
    std::string currency = "EUR";
    std::vector<Owner> owners;

    /// The next record of this type has the id behind that one.
    void number_from(ObjectType type, std::int64_t last_id);
    /// Takes the next id of its type.
    std::int64_t create(ObjectType type, const Properties& properties, Instant at);
    /// Changes properties and the modified time, which may go backwards: a row that is committed
    /// late does so. A deal's new stage brings what HubSpot derives from it. Who saves a deal is
    /// whom the changes name as hs_updated_by_user_id, nobody where that is null, and otherwise its
    /// owner. False when there is no such record.
    bool set(ObjectType type, std::int64_t id, const Properties& changes, Instant at);
    bool archive(ObjectType type, std::int64_t id, Instant at);
    bool restore(ObjectType type, std::int64_t id, Instant at);
    /// Gone without a trace, as a purge leaves it.
    bool forget(ObjectType type, std::int64_t id);
    /// The same, but for the other one's links and hs_merged_object_ids, which are those of both
    /// from then on.
    bool merge(ObjectType type, std::int64_t id, std::int64_t into, Instant at);

    /// Does not move any modified time; nor does HubSpot, reliably.
    void link(ObjectType a, std::int64_t id_a, ObjectType b, std::int64_t id_b);
    void unlink(ObjectType a, std::int64_t id_a, ObjectType b, std::int64_t id_b);

    const Record* find(ObjectType type, std::int64_t id) const;
    /// Null for a program, and for a number that is nobody's.
    const Owner* find_user(std::int64_t user_id) const;
    std::span<const Record> records(ObjectType type) const;  // by ascending id
    std::vector<std::int64_t> linked(ObjectType from, std::int64_t id, ObjectType to) const;
    /// Newest first; one entry where the property never changed, none where it is null.
    std::vector<PastValue> history(ObjectType type, std::int64_t id, std::size_t property) const;
    /// Grows with every change of a record.
    std::uint64_t version() const { return version_; }

private:
    using Link = std::pair<std::int64_t, std::int64_t>;
    struct Links {
        std::vector<Link> pairs;
        bool sorted = true;
    };

    Record* find_mutable(ObjectType type, std::int64_t id);
    const Links& sorted_links(ObjectType from, ObjectType to) const;
    void write(ObjectType type, Record& record, const Properties& changes, Instant at);
    std::optional<std::string> editor_of(const Properties& changes,
                                         const std::optional<std::string>& owner) const;

    std::array<std::vector<Record>, all_types.size()> tables_;
    std::array<std::int64_t, all_types.size()> last_id_{9'998'800, 31'000, 9'400,
                                                        990,       7'000,  88'000};
    mutable std::array<std::array<Links, all_types.size()>, all_types.size()> links_;
    std::map<std::pair<std::int64_t, std::size_t>, std::vector<PastValue>> deal_history_;
    std::uint64_t version_ = 0;
};

}  // namespace nudged::crmsim
