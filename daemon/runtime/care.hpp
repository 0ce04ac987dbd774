// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/config/config.hpp"
#include "daemon/runtime/control.hpp"
#include "daemon/warehouse/audit.hpp"
#include "daemon/warehouse/removal.hpp"
#include "daemon/warehouse/writer.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::runtime {

namespace asio = boost::asio;

/// What a command that takes care of the stored data came to; travels as JSON from the daemon to
/// the command line, which prints it.
struct CareReport {
    std::map<std::string, std::string> facts;  // "file": "/var/lib/nudged/backups/…"
    warehouse::RowCounts removed;              // rows per table
    warehouse::RowCounts changed;
    std::vector<std::string> sentences;  // for a person
    int status = 0;                      // exit status
};
std::string to_json(const CareReport& report);
std::optional<CareReport> parse_care_report(std::string_view json);

/// What they need, in the daemon or in a command that works without one. All of it outlives them.
struct CareContext {
    const config::Config& config;
    warehouse::Writer& writer;
    std::shared_ptr<warehouse::StoreRules> rules;  // the writer's
    asio::thread_pool& workers;                    // one that may be busy for minutes
    Clock clock;
    std::function<bool()> is_stopped = [] { return false; };  // any thread asks
    std::function<void()> on_message = [] {};                 // there is one to be delivered
};

// Each in steps through the writer, so that what is urgent goes between them. Throws Failure.

/// A verified backup in `to`. Cannot be cancelled, but ended by is_stopped.
asio::awaitable<CareReport> make_backup(const CareContext& context, std::string to);
/// Removes what is past its time.
asio::awaitable<CareReport> apply_retention(const CareContext& context);
/// Suppresses and forgets everybody of this address, as `user` wants it.
asio::awaitable<CareReport> forget_person(const CareContext& context, std::string address,
                                          warehouse::AuditUser user = {});
/// Lets held messages go: those of the ids between commas, or all when it is empty.
asio::awaitable<CareReport> release_held(const CareContext& context, std::string ids);
/// Sends what was given up once more: those of the ids between commas, or all that are dead.
asio::awaitable<CareReport> replay_given_up(const CareContext& context, std::string ids);

/// A Failure becomes a report of status 1.
asio::awaitable<CareReport> guarded(asio::awaitable<CareReport> work);

/// The command of that name, guarded, by its arguments: "backup" (to), "retention", "forget"
/// (address), "release" (ids), "replay" (ids), "finding" (finding_desk.hpp), "go_live"
/// (shadow_desk.hpp), "commit" (commitment_desk.hpp), and those of coaching_desk.hpp; nullopt for
/// another name.
std::optional<asio::awaitable<CareReport>> find_care(const ControlRequest& request,
                                                     const CareContext& context);

/// How the warehouse of a configuration is opened for writing: with its rules.
warehouse::WriterOptions writer_options(const config::Config& config);

}  // namespace nudged::runtime
