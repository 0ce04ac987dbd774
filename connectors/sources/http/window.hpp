// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/model/cursor.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nudged::sources {

/// How a CRM's clock and index are to be trusted.
struct WindowRules {
    std::chrono::milliseconds lag{60'000};  // changes younger than this are not yet asked for
    std::chrono::milliseconds lookback{3'600'000};  // what each window asks for again
    std::chrono::milliseconds deep_lookback{0};     // the same, every `deep_every`; 0: never
    std::chrono::milliseconds deep_every{86'400'000};
    std::chrono::milliseconds precision{1};  // of the field that is filtered on
};

/// One page as the walk sees it.
struct WindowPage {
    std::size_t rows = 0;
    std::string greatest_id;             // of its rows
    std::optional<std::uint64_t> total;  // how many rows the request matches, where the CRM says
};

/// A walk through all records modified in [lo, hi), ordered by id, each page asking for ids beyond
/// the last one seen.
///
/// Ties of the modified time do no harm, however many, as ids break them. A record that changes
/// while the window is read leaves it and comes with the next; since no page is asked for by its
/// number, the rows behind it do not move up unseen. A row that the CRM returns although its time
/// is beyond `hi` (its index was late) is taken: it is newer than what was asked for, and the next
/// window tells it again.
///
/// The walk ends with an empty page, never with a short one. It is believed when as many rows were
/// seen as the first page promised, or, as rows may have left since, as the CRM still counts now.
/// Else the window is walked once more. Only then does the floor move. Pure: knows no network.
class Window {
public:
    /// Goes on where the cursor stands, or begins behind its floor. nullopt: nothing to ask for
    /// yet. Throws Failure(corrupt) for a cursor that it did not write.
    static std::optional<Window> resume(const model::Cursor& cursor, const WindowRules& rules,
                                        Instant server_now);

    Instant lo() const { return lo_; }
    Instant hi() const { return hi_; }
    /// The last instant inside, for CRMs whose upper bound is inclusive.
    Instant last() const { return hi_ - precision_; }
    /// Ask for ids greater than this; "0" in the beginning.
    const std::string& last_id() const { return last_id_; }

    /// The server's clock turned out to be behind ours: ends the window earlier, though never
    /// before the floor. True when that changes anything, so that what was read must be asked for
    /// again. Only at the very beginning.
    bool end_by(Instant latest_hi);
    /// Too many results: asks for the earlier half. False when it cannot be halved.
    bool halve();

    enum class Next {
        page,         // ask for the next page
        done,         // complete: the floor has moved
        later_half,   // complete, but the window had been halved: begin the next one
        count_again,  // at once: rows are missing, or have left; ask for the first page again
        incomplete,   // walked twice, and the CRM counts more than it tells
    };
    /// Throws Failure(refused) when the CRM repeats ids.
    Next take(const WindowPage& page);

    model::Cursor cursor() const;
    /// Share of this walk's rows that have been seen, where the CRM counts them.
    std::optional<double> share_seen() const;

private:
    Next end_of_walk();
    void begin_walk();
    Next finish();

    std::chrono::milliseconds precision_{1};
    std::string old_floor_;
    std::optional<std::string> new_floor_;
    Instant floor_at_{};
    Instant lo_{};
    Instant hi_{};
    Instant deep_at_{};
    std::string last_id_ = "0";
    std::uint64_t seen_ = 0;
    std::optional<std::uint64_t> total_;
    int walk_ = 0;
    bool halved_ = false;
    bool counting_ = false;
};

/// By value for ids of digits, however long, and by text for others of one length.
bool id_less(std::string_view left, std::string_view right);

}  // namespace nudged::sources
