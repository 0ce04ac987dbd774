// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/dialect.hpp"
#include "tests/crmsim/salesforce/plan.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::crmsim::salesforce {

/// Query jobs of the bulk interface. A job takes its rows when it is made, and is complete after
/// so many looks at it as the settings say.
class BulkJobs {
public:
    /// Whatever is asked for below /jobs/query; `rest` is what follows: "", "/750…",
    /// "/750…/results".
    loopback::Reply answer(const Org& org, const loopback::Request& request, std::string_view rest);

private:
    struct Job {
        std::string id;
        std::string operation;
        std::string object;
        std::string delimiter;
        std::string line_ending;
        Instant created;
        Instant modified;
        int looks = 0;
        int looks_needed = 0;
        bool aborted = false;
        std::string failure;
        std::string head;
        std::vector<std::string> lines;

        std::string_view state() const;
    };

    loopback::Reply create(const Org& org, const loopback::Request& request);
    loopback::Reply results(const loopback::Request& request, const Job& job) const;
    static loopback::Reply describe(const Job& job);

    std::map<std::string, Job, std::less<>> jobs_;
    std::uint64_t last_ = 0;
};

}  // namespace nudged::crmsim::salesforce
