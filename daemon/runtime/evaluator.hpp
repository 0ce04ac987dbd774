// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/digest.hpp"
#include "daemon/checks/check.hpp"
#include "daemon/config/config.hpp"
#include "daemon/runtime/wake.hpp"
#include "daemon/warehouse/week_values.hpp"
#include "daemon/warehouse/writer.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nudged::runtime {

/// Runs the checks after each round of a source and every now and then, gives findings their life,
/// and puts digests into the outbox when they are due. Lives on the loop; evaluates on a worker.
class Evaluator {
public:
    struct Hooks {
        /// Every source has been asked at least once since the start: digests may go out.
        std::function<bool()> all_synced;
        std::function<void()> on_messages;  // there is something new in the outbox
        std::function<void()> on_cycle{};   // all checks have been run, and what is due was queued
    };

    /// `config`, `workers` and `writer` outlive the evaluator.
    Evaluator(const asio::any_io_executor& loop, const config::Config& config,
              asio::thread_pool& workers, warehouse::Writer& writer, Clock clock, Hooks hooks);

    /// Evaluates until cancelled; what fails is told, and tried again the next time.
    asio::awaitable<void> run();
    /// Something has changed: evaluate soon.
    void wake() { wake_.set(); }

    /// Why the last evaluation failed; empty when it did not.
    const std::string& trouble() const { return trouble_; }
    /// Prometheus text as of the last evaluation.
    const std::string& gauges() const { return gauges_; }

private:
    struct Result {
        checks::Evaluation evaluation;
        std::shared_ptr<const checks::Judgement> judgement;  // what has come of commitments
        std::vector<warehouse::WeekValue> weeks;             // that are not what was noted
        std::string gauges;
    };

    /// A digest on its way to the writer.
    struct Composed {
        warehouse::Team team;
        alerts::DigestDue due;
        alerts::Digest digest;
    };

    asio::awaitable<void> evaluate_once();
    asio::awaitable<void> send_due_digests(const checks::Evaluation& evaluation, Instant now);
    asio::awaitable<void> send(const Composed& composed, Instant now);
    std::optional<Composed> compose_due(const checks::Evaluation& evaluation, std::size_t index,
                                        Instant now) const;
    std::optional<Composed> compose_appointment(const checks::Evaluation& evaluation,
                                                std::size_t index, Instant now) const;
    asio::awaitable<void> give_memory_back();
    Result evaluate(Instant now) const;
    std::chrono::milliseconds until_next() const;

    const config::Config& config_;
    asio::thread_pool& workers_;
    warehouse::Writer& writer_;
    Clock clock_;
    Hooks hooks_;
    Wake wake_;
    std::string gauges_;
    std::string trouble_;
};

}  // namespace nudged::runtime
