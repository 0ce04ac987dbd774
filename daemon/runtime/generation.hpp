// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/net/http.hpp"
#include "daemon/config/config.hpp"
#include "daemon/runtime/caretaker.hpp"
#include "daemon/runtime/cycle_ping.hpp"
#include "daemon/runtime/delivery.hpp"
#include "daemon/runtime/evaluator.hpp"
#include "daemon/runtime/quota_book.hpp"
#include "daemon/runtime/rechecks.hpp"
#include "daemon/runtime/recounter.hpp"
#include "daemon/runtime/sheet_reader.hpp"
#include "daemon/runtime/slack_desk.hpp"
#include "daemon/runtime/source_runner.hpp"
#include "daemon/runtime/task_group.hpp"

#include <boost/asio/thread_pool.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nudged::runtime {

/// The channels of the configuration, each with who takes over from it and who is told. Throws
/// Failure(needs_person) for one that cannot be made.
std::vector<Destination> make_destinations(const config::Config& config, net::HttpClient& http);

/// Everything that runs on one configuration: sources, evaluation, deliveries. A reload makes a new
/// generation, ends the old one, and starts the new; so nothing ever sees half of each.
class Generation {
public:
    struct Context {
        asio::any_io_executor loop;
        asio::thread_pool& workers;
        warehouse::Writer& writer;
        net::HttpClient& http;
        Clock clock;
        std::function<void(std::exception_ptr)> on_failure;
        std::shared_ptr<warehouse::StoreRules> rules;  // the writer's
        Explain explain{};                             // empty: nothing is explained
    };

    /// Makes every part without starting it; throws Failure(needs_person) for a configuration that
    /// cannot run, with nothing changed.
    Generation(std::shared_ptr<const config::Config> config, const Context& context);

    asio::awaitable<void> start();
    asio::awaitable<void> stop();

    const std::vector<std::unique_ptr<SourceRunner>>& sources() const { return sources_; }
    /// The sheets of commitments and leave that the sources tell.
    const std::vector<std::unique_ptr<SheetReader>>& sheets() const { return sheets_; }
    const std::shared_ptr<const config::Config>& config() const { return config_; }
    Caretaker& caretaker() { return caretaker_; }
    /// Something has to be counted anew.
    void wake_recounter() { recounter_.wake(); }
    /// Why this is not ready, one sentence each.
    std::vector<std::string> not_ready() const;
    /// The sources, and channels' answers, that need a person, and why, one sentence each.
    std::vector<std::string> for_a_person() const;
    /// Gauges for /metrics: sources and channels as they are, all else as of the last evaluation.
    std::string gauges() const;

private:
    std::unique_ptr<SheetReader> read_notes_of(const sources::SourceOptions& options,
                                               const sources::SourceContext& context);
    void make_slack_desks(const Context& context);
    asio::awaitable<void> check_again(std::string source);
    bool all_synced() const;
    void note_cycle();

    std::shared_ptr<const config::Config> config_;
    warehouse::Writer& writer_;
    Clock clock_;
    WarehouseQuotaBook quotas_;
    sources::SharedLimits limits_;
    std::vector<std::unique_ptr<SourceRunner>> sources_;
    Delivery delivery_;
    Evaluator evaluator_;
    std::shared_ptr<warehouse::StoreRules> rules_;
    Caretaker caretaker_;
    Recounter recounter_;
    CareContext care_;
    std::vector<std::unique_ptr<SheetReader>> sheets_;
    std::vector<std::unique_ptr<SlackDesk>> slack_desks_;
    CyclePing ping_;
    TaskGroup tasks_;
    Rechecks rechecks_;
};

}  // namespace nudged::runtime
