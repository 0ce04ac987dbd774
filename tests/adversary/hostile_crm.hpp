// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/adversary/crm.hpp"
#include "tests/crmsim/simulator.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/process.hpp"

#include <atomic>
#include <functional>
#include <optional>
#include <rapidjson/document.h>

namespace nudged::adversary {

/// What a pull came to.
struct Pulled {
    tests::Store store{};
    std::uint64_t malformed = 0;
    model::Cursor at = tests::since_1970;  // where it has got to
    std::optional<Failure> failure{};
};

/// A simulated CRM of twenty companies and deals, whose answers are distorted while it is hostile.
class HostileCrm {
public:
    using Distort = std::function<tests::Reply(const tests::Request&, tests::Reply)>;

    explicit HostileCrm(const Crm& crm);

    /// Pulls a stream as one that is new does, from its beginning to its end or to a failure, by a
    /// source of its own.
    Pulled pull(Entity entity);
    /// The same, with every answer distorted that tells one of its companies or deals.
    Pulled pull_distorted(Entity entity, Distort distort);

    std::size_t distorted() const { return distorted_; }
    const Dataset& data() const { return data_; }
    std::string url() const { return server_.url(""); }

private:
    tests::Reply answer(const tests::Request& request);
    bool tells_records(const tests::Reply& reply) const;

    const Crm& crm_;
    tests::TempFolder tokens_;  // those that rotate are kept from pull to pull
    tests::HttpBench bench_;
    Dataset data_;
    crmsim::Simulator simulator_;
    std::vector<std::string> ids_;  // of its records, as the CRM has them
    Distort distort_;
    std::atomic<std::size_t> distorted_ = 0;
    tests::HttpServer server_;  // the last: its thread uses the others
};

/// Calls `act` with each value of the records, and its name: members of objects that stand in
/// lists, and cells of rows but for the first, which names them.
void each_value(rapidjson::Document& answer,
                const std::function<void(std::string_view name, rapidjson::Value& value)>& act);
/// Calls `act` with each record: an object that stands in a list, or a row of cells.
void each_record(rapidjson::Document& answer,
                 const std::function<void(rapidjson::Value& record)>& act);
/// Calls `act` with every text, wherever it stands, and the name that it has.
void each_text(rapidjson::Document& answer,
               const std::function<void(std::string_view name, rapidjson::Value& text)>& act);

/// The same answer with its JSON changed; as it is where it holds none.
tests::Reply changed(tests::Reply reply, const std::function<void(rapidjson::Document&)>& change);

}  // namespace nudged::adversary
