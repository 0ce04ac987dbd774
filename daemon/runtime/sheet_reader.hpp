// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/catalog.hpp"
#include "connectors/sources/coaching_rows.hpp"
#include "daemon/runtime/care.hpp"
#include "daemon/runtime/sheet.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nudged::runtime {

/// What one reading of a sheet came to.
struct SheetTurn {
    std::string source;
    sources::CoachingRows kind{};
    std::size_t rows = 0;
    SheetTaken taken{};     // nothing where the sheet says what it said before
    std::string failure{};  // why it could not be read
};
/// "team-sheet   commitment               2 rows, 1 new, 0 changed, 1 refused: …"
std::string sheet_line(const SheetTurn& turn);

/// Reads the commitments or the leave that one source tells, in a sheet or in its tasks and notes,
/// and what else those record, again and again, as often as its records are polled, and takes them
/// as the commands for them do. What is refused is kept for `nudged commit refused`. Lives on the
/// loop.
class SheetReader {
public:
    /// `context` and what it refers to outlive it; `on_change` is called when something was taken.
    SheetReader(sources::SourceOptions options, sources::CoachingRows kind,
                const sources::SourceContext& sources, const CareContext& context,
                std::function<void()> on_change);
    /// Commitments that `read_rows` gives, told as those of `name`, every `poll`.
    using ReadRows = std::function<asio::awaitable<SheetRows>()>;
    SheetReader(std::string name, std::chrono::seconds poll, ReadRows read_rows,
                const CareContext& context, std::function<void()> on_change);

    /// Until cancelled.
    asio::awaitable<void> run();
    /// Once; what run() does again and again. `anew`: what is refused is tried again although the
    /// sheet says what it said before.
    asio::awaitable<SheetTurn> read(bool anew = false);
    const std::string& source() const { return name_; }

private:
    class Reading;
    asio::awaitable<void> await_others();
    asio::awaitable<void> take_news(SheetTurn& turn);
    asio::awaitable<SheetTaken> take(SheetRows sheet);
    asio::awaitable<SheetTaken> take_agreed(std::vector<SheetRow> rows);
    asio::awaitable<void> keep_refusals(const std::vector<std::string>& refused);
    bool is_known(const SheetRows& sheet);

    std::string name_;
    std::chrono::seconds poll_;
    sources::CoachingRows kind_;
    std::unique_ptr<sources::Source> source_;  // null: of other rows
    ReadRows read_rows_;
    const CareContext& context_;
    std::function<void()> on_change_;
    std::string fingerprint_;  // of the rows that were taken last
    Instant taken_at_{};
    std::vector<std::string> refused_;  // of those
    bool is_reading_ = false;
    std::optional<asio::steady_timer> free_;  // cancelled when a reading ends
};

}  // namespace nudged::runtime
