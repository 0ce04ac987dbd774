// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/noise.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/record_key.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// What happened with a customer: a call that was made, a meeting that began and was not called
/// off, an e-mail that was sent or came (sales practice §1). Notes, field edits and tasks are none.
struct Touch {
    enum class Kind { call, meeting, email };
    /// `inbound`: the customer began or answered it; a meeting that was held is. `unknown`: the CRM
    /// does not say who wrote, or what came of a call.
    enum class Direction { outbound, inbound, unknown };
    Kind kind = Kind::call;
    Instant at;
    std::string subject;
    std::string url;
    Direction direction = Direction::unknown;
    std::string contact;  // its id; may be empty
    std::string owner;    // the CRM's user; may be empty
};
std::string_view to_string(Touch::Kind kind);

/// The last of each kind.
struct LastTouches {
    std::optional<Touch> call;
    std::optional<Touch> meeting;
    std::optional<Touch> email;
    const Touch* latest() const;
    /// The later of each kind.
    void add(const LastTouches& other);
};

/// By what touches are asked for. `account_alone`: those of the account that name no opportunity.
enum class TouchLink { opportunity, account, account_alone };

/// What is known last of one record, up to a moment. Touches are bare: without direction, contact
/// and owner.
struct LastSigns {
    LastTouches touches;
    /// When its last task ended, done or deleted: since then it needs another.
    std::optional<Instant> task_end;
};

/// One statement a source, whatever the number of records; records of which nothing is known are
/// absent. Of what was merged into a record before `as_of`, all counts as the record's.
std::map<RecordKey, LastSigns> read_last_signs(const Reader& reader, TouchLink link,
                                               const std::vector<RecordKey>& records,
                                               const Noise& noise, Instant as_of);

/// Every touch of the records in (from, as_of], oldest first; the same way.
std::map<RecordKey, std::vector<Touch>> read_touches(const Reader& reader, TouchLink link,
                                                     const std::vector<RecordKey>& records,
                                                     const Noise& noise, Instant from,
                                                     Instant as_of);

/// What an e-mail is about, so that one thread counts once a day: its subject without "Re:" and the
/// like, lower case.
std::string thread_of(std::string_view subject);

}  // namespace nudged::warehouse
