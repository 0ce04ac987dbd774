// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/process.hpp"

#include <string>
#include <unistd.h>
#include <vector>

namespace nudged::tests {

/// The built programs.
std::string program(const std::string& name);

/// A simulated CRM that runs beside the test.
class Crm {
public:
    explicit Crm(std::vector<std::string> options = {});
    const std::string& url() const { return url_; }
    /// How many requests it has served.
    std::size_t requests() const;
    /// Tells it something by POST, such as "/_sim/dialect/trust".
    void order(const std::string& path, const std::string& body) const;

private:
    TempFolder folder_;
    Process process_;
    std::string url_;
};

/// A Slack-compatible receiver that runs beside the test.
class SlackReceiver {
public:
    SlackReceiver();
    const std::string& url() const { return url_; }
    /// The bodies that were accepted, one a line.
    std::string messages() const { return read_file(folder_.file("messages.jsonl")); }

private:
    TempFolder folder_;
    Process process_;
    std::string url_;
};

/// Whether something comes to hold within half a minute: other processes can only be polled.
template <typename Condition>
bool eventually(Condition condition) {
    for (int tries = 0; tries < 600; ++tries) {
        if (condition()) return true;
        usleep(50'000);
    }
    return false;
}

/// An installation in a folder of its own: configuration and state.
class Site {
public:
    /// Without a source.
    Site();
    /// For one simulated CRM.
    explicit Site(const std::string& crm_url);

    /// Arguments of a `nudged` command on this site.
    std::vector<std::string> command(std::vector<std::string> arguments) const;
    /// Runs one to its end.
    Finished nudged(std::vector<std::string> arguments) const;
    /// Starts the daemon and waits until it says that it is ready.
    Process start_daemon() const;

    /// The simulated portal's team, with a manager whose digests go to the given Slack webhook.
    void add_team(const std::string& slack_url) const;

    /// The rows that a query of the warehouse gives, a line each, its cells ended by tabs.
    std::string rows(const std::string& sql) const;

    const TempFolder& folder() const { return folder_; }
    std::string warehouse() const { return folder_.file("state/nudged.db"); }
    /// Everything that a sync stores, one row a line, without what differs from run to run: row
    /// numbers and the times of fetching.
    std::string contents() const;

private:
    TempFolder folder_;
};

}  // namespace nudged::tests
