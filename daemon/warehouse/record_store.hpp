// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/record.hpp"
#include "daemon/warehouse/database.hpp"
#include "daemon/warehouse/key_walk.hpp"
#include "daemon/warehouse/own_measures.hpp"
#include "daemon/warehouse/page_store.hpp"
#include "daemon/warehouse/rollups_write.hpp"
#include "daemon/warehouse/store_gate.hpp"
#include "daemon/warehouse/tables.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>

namespace nudged::warehouse {

/// How the records that are being stored were told.
struct Telling {
    SourceId source{};
    Instant fetched_at{};
    Instant now{};                      // by the clock that timed the fetch
    std::optional<model::Lane> lane{};  // none: records by id
    bool full = false;
    bool moves_cursor = false;  // so that `cursor` says when the entity was last told
    /// Whose ids are noted one by one, as told by a snapshot.
    std::optional<model::Entity> snapshot_of{};
    /// How each entity's followed fields were mapped; of the page, which outlives the telling.
    std::array<std::string_view, model::entity_count> mapping{};
};

/// Stores records, with their history and links to persons, by the rules of store_page(); lives for
/// one write transaction. Rollups are summed up, and written by flush().
class RecordStore {
public:
    RecordStore(Database& database, IndexTime indexes, StoreRules* rules,
                std::span<const Measure> wanted);

    /// Every record after this is of this telling.
    void begin(const Telling& telling);
    /// True when anything but `fetched_at` was written.
    bool store(const model::Record& record);
    /// Lays values over a stored record that a snapshot no longer tells; true when that changes it.
    bool close(model::Entity entity, std::string_view id,
               const std::vector<model::Page::Snapshot::Closing>& closes);
    /// What was stored since begin() stays; or it is being undone.
    void keep();
    void drop();
    /// Before the transaction is committed.
    void flush();
    std::uint64_t inserted() const { return inserted_; }

private:
    /// A stored record's row. Its values are read only when they are compared.
    struct Row {
        std::int64_t id;
        std::optional<Instant> modified;
        Instant fetched_at;
        std::int64_t hash;
        bool deleted;

        bool was_live() const { return hash != 0; }
    };
    /// An entity's statements, and what is known of its table.
    struct Table {
        Table(Database& database, model::Entity entity);
        KeyWalk walk;
        Statement select, values, insert, touch, bury;
        std::unordered_map<std::uint64_t, Statement> updates;  // by the columns that change
        bool expects_new = false;  // the last record was: try to insert before looking
        bool is_asked = false;     // whether the two below are known for the present telling
        bool touches = false;
        bool is_loading = false;  // pages of an older state may come yet
        Instant last_told{};
        std::optional<Instant> mapped_since;
    };

    RollupChanges& rollups();
    Table& table_of(model::Entity entity);
    void ask(Table& table, model::Entity entity) const;
    /// Before anything is written, and before the page ends.
    void stop_walks();
    static std::optional<Row> read(Table& table, SourceId source, std::string_view id);
    static void read_values(Table& table, const Row& row, model::Record& record);
    bool wins(const Table& table, const model::Record& record, const Row& stored) const;
    bool insert(Table& table, const model::Record& record);
    bool replace(Table& table, const Row& row, const model::Record& record);
    bool bury(Table& table, const Row& row, const model::Record& tombstone);
    void write_tombstone(Table& table, const Row& row, const model::Record& tombstone,
                         Instant deleted_at);
    void touch(Table& table, const Row& row);
    Statement& update_of(Table& table, model::Entity entity, std::uint64_t& columns);
    void note_late(Table& table, const Row& row, const model::Record& late);
    /// Since which fetch the entity is mapped as it is now: rows of before may differ for that
    /// alone.
    Instant mapped_since(model::Entity entity);
    bool is_of_old_mapping(const Row& row, model::Entity entity);
    void note_gone(const model::Record& tombstone, Instant deleted_at);
    void forget_gone(const model::Record& record);
    void write_history(const Row& row, const model::Record& stored, const model::Record& record);
    void follow(const model::Record& record, std::int64_t row);

    Database& database_;
    IndexTime indexes_;
    StoreRules* rules_;
    WantedMeasures wanted_;
    Telling telling_;
    std::optional<StoreGate> gate_;  // of the present telling
    std::array<std::optional<Table>, model::entity_count> tables_;
    std::map<SourceId, RollupChanges> rollups_;
    std::uint64_t inserted_ = 0;
};

}  // namespace nudged::warehouse
