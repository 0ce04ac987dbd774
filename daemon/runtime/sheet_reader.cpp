// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/sheet_reader.hpp"

#include "connectors/base/events.hpp"
#include "connectors/base/failure.hpp"
#include "connectors/base/text.hpp"
#include "daemon/runtime/commitment_rows.hpp"
#include "daemon/runtime/leave_desk.hpp"
#include "daemon/runtime/marked_records.hpp"
#include "daemon/runtime/workplace.hpp"
#include "daemon/warehouse/sheet_refusals.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace nudged::runtime {
namespace {

using namespace std::chrono_literals;

/// What is refused today may do tomorrow: a KPI that was put into kpis.toml, a week that is
/// complete.
constexpr auto refused_are_tried_again = 1h;

}  // namespace

std::string sheet_line(const SheetTurn& turn) {
    auto line =
        fmt::format("{:<12} {:<18} {:>7} rows", turn.source, to_string(turn.kind), turn.rows);
    if (!turn.failure.empty()) return line + ": " + turn.failure;
    const auto& taken = turn.taken;
    line += fmt::format(", {} new, {} changed", taken.stored, taken.changed);
    if (taken.removed > 0) line += fmt::format(", {} removed", taken.removed);
    if (!taken.refused.empty())
        line += fmt::format(", {} refused: `nudged commit refused` tells which, and why",
                            taken.refused.size());
    return line;
}

/// One reading at a time: a person may ask for one while run() is at it.
class SheetReader::Reading {
public:
    explicit Reading(SheetReader& reader) : reader_(reader) { reader_.is_reading_ = true; }
    ~Reading() {
        reader_.is_reading_ = false;
        reader_.free_->cancel();
    }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

private:
    SheetReader& reader_;
};

SheetReader::SheetReader(sources::SourceOptions options, sources::CoachingRows kind,
                         const sources::SourceContext& sources, const CareContext& context,
                         std::function<void()> on_change)
    : name_(options.name),
      poll_(options.poll),
      kind_(kind),
      source_(make_source(options, sources)),
      read_rows_([this] { return read_sheet(*source_); }),
      context_(context),
      on_change_(std::move(on_change)) {}

SheetReader::SheetReader(std::string name, std::chrono::seconds poll, ReadRows read_rows,
                         const CareContext& context, std::function<void()> on_change)
    : name_(std::move(name)),
      poll_(poll),
      kind_(sources::CoachingRows::commitment),
      read_rows_(std::move(read_rows)),
      context_(context),
      on_change_(std::move(on_change)) {}

asio::awaitable<void> SheetReader::run() {
    boost::asio::steady_timer timer(co_await asio::this_coro::executor);
    for (;;) {
        co_await read();
        timer.expires_after(poll_);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

asio::awaitable<void> SheetReader::await_others() {
    if (!free_) free_.emplace(co_await asio::this_coro::executor);
    while (is_reading_) {
        free_->expires_after(1h);
        boost::system::error_code ended;
        co_await free_->async_wait(asio::redirect_error(asio::use_awaitable, ended));
        const auto cancelled = co_await asio::this_coro::cancellation_state;
        if (cancelled.cancelled() != asio::cancellation_type::none)
            throw boost::system::system_error(asio::error::operation_aborted);
    }
}

asio::awaitable<SheetTurn> SheetReader::read(bool anew) {
    co_await await_others();
    const Reading reading(*this);
    if (anew) fingerprint_.clear();
    SheetTurn turn{.source = name_, .kind = kind_};
    try {
        co_await take_news(turn);
        co_return turn;
    } catch (const Failure& failure) {
        turn.failure = failure.what();
        tell(events::sheet_failed, {{"source", name_},
                                    {"rows", to_string(kind_)},
                                    {"kind", to_string(failure.kind())},
                                    {"why", failure.what()}});
    }
    fingerprint_.clear();
    try {
        const std::vector<std::string> refused{"the sheet cannot be read: " + turn.failure};
        co_await keep_refusals(refused);
    } catch (const Failure&) {
        // The warehouse's own trouble, which its writer tells.
    }
    co_return turn;
}

asio::awaitable<void> SheetReader::take_news(SheetTurn& turn) {
    auto sheet = co_await read_rows_();
    turn.rows = sheet.rows.size();
    if (is_known(sheet)) {
        turn.taken.refused = refused_;
        co_return;
    }
    turn.taken = co_await take(std::move(sheet));
    const auto& taken = turn.taken;
    refused_ = taken.refused;
    co_await keep_refusals(refused_);
    if (taken.stored + taken.changed + taken.removed == 0) co_return;
    tell(events::sheet_taken, {{"source", name_},
                               {"rows", to_string(kind_)},
                               {"stored", taken.stored},
                               {"changed", taken.changed},
                               {"removed", taken.removed}});
    on_change_();
}

/// Rows that were all taken are looked at again when one of them differs.
bool SheetReader::is_known(const SheetRows& sheet) {
    std::string text;
    for (const auto& row : sheet.rows) {
        for (const auto& [name, cell] : row) text += name + "=" + cell + "\n";
        text += "\n";
    }
    for (const auto& problem : sheet.problems) text += problem + "\n";
    auto fingerprint = nudged::fingerprint(text);
    const auto now = context_.clock();
    const bool is_due = !refused_.empty() && now - taken_at_ >= refused_are_tried_again;
    if (fingerprint == fingerprint_ && !is_due) return true;
    fingerprint_ = std::move(fingerprint);
    taken_at_ = now;
    return false;
}

/// Rows with a mark are other records than commitments.
asio::awaitable<SheetTaken> SheetReader::take_agreed(std::vector<SheetRow> rows) {
    const auto marked = std::stable_partition(
        rows.begin(), rows.end(), [](const SheetRow& row) { return !row.contains("mark"); });
    std::vector<SheetRow> records(std::make_move_iterator(marked),
                                  std::make_move_iterator(rows.end()));
    rows.erase(marked, rows.end());
    auto taken = co_await take_commitments(context_, name_, std::move(rows));
    auto others = co_await take_records(context_, std::move(records));
    taken.stored += others.stored;
    taken.changed += others.changed;
    for (auto& why : others.refused) taken.refused.push_back(std::move(why));
    co_return taken;
}

asio::awaitable<SheetTaken> SheetReader::take(SheetRows sheet) {
    SheetTaken taken;
    if (kind_ == sources::CoachingRows::commitment)
        taken = co_await take_agreed(std::move(sheet.rows));
    else if (sheet.problems.empty())
        taken = co_await take_leave(context_, name_, std::move(sheet.rows));
    taken.refused.insert(taken.refused.end(), sheet.problems.begin(), sheet.problems.end());
    co_return taken;
}

asio::awaitable<void> SheetReader::keep_refusals(const std::vector<std::string>& refused) {
    const auto now = context_.clock();
    auto write = [&](warehouse::Database& database) {
        return warehouse::store_sheet_refusals(database, name_, to_string(kind_), refused, now);
    };
    const int fresh = co_await context_.writer.run(write);
    if (fresh > 0)
        tell(events::sheet_refused,
             {{"source", name_}, {"rows", to_string(kind_)}, {"refused", refused.size()}});
}

}  // namespace nudged::runtime
