// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/runtime/care.hpp"
#include "daemon/runtime/commitment_entry.hpp"
#include "daemon/warehouse/people.hpp"
#include "daemon/warehouse/reader.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// What every way to agree something comes down to: a command's, a file's, a sheet's, a CRM's.
namespace nudged::runtime {

/// What storing an entry came to.
struct Stored {
    enum class Kind { is_new, was_there, is_refused };
    Kind kind = Kind::is_new;
    std::int64_t id = 0;
    std::string why;  // of a refusal
};

/// A line of a file that was imported before changes nothing, whatever became of it since. What
/// somebody types a second time is only refused while it holds.
Stored store(warehouse::Database& database, const CommitmentEntry& entry, bool is_import);

std::string agreed_text(const warehouse::Commitment& commitment);

/// True when a revision says what the entry says. A baseline that was worked out may come to
/// something else another day.
bool says_the_same(const warehouse::Commitment& revision, const CommitmentEntry& entry);

/// The one that holds for the week, if any.
const warehouse::Commitment* holding(const std::vector<warehouse::Commitment>& present,
                                     const warehouse::Commitment& wanted);
/// Why another cannot be agreed beside it.
std::string taken(const warehouse::Commitment& other);

/// Empty for what nobody said.
std::string argument(const CommitmentWords& words, const std::string& name);

/// As the checks see it, now.
struct CommitmentScene {
    const CareContext& context;
    warehouse::Reader reader;
    warehouse::People people;
    checks::Scene scene;

    explicit CommitmentScene(const CareContext& of)
        : context(of),
          reader(of.config.warehouse_path().string()),
          people(warehouse::read_people(reader, of.config.roster)),
          scene{reader, people, of.config.checks, of.clock()} {}
};

}  // namespace nudged::runtime
