// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/process.hpp"
#include "tests/support/shifted_clock.hpp"

#include <rapidjson/document.h>
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
    /// The bodies of those for this path, in order.
    std::vector<std::string> bodies(const std::string& path) const;
    /// Tells it something by POST, such as "/_sim/dialect/trust".
    void order(const std::string& path, const std::string& body) const;

private:
    rapidjson::Document log() const;

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

/// What a daemon's page says.
struct WebPage {
    int status = 0;
    std::string body;
};
/// Asks a daemon that serves them for one of its pages.
WebPage ask_web(const Process& daemon, const std::string& path);

/// An installation in a folder of its own: configuration and state.
class Site {
public:
    /// Without a source.
    Site();
    /// For one simulated CRM.
    explicit Site(const std::string& crm_url);

    /// The source "small", whose CRM takes the token "test-token" at `url`; `manifest` are the
    /// requests and streams of its manifest.
    void add_source(const std::string& manifest, const std::string& url) const;

    /// Arguments of a `nudged` command on this site.
    std::vector<std::string> command(std::vector<std::string> arguments) const;
    /// Runs one to its end.
    Finished nudged(std::vector<std::string> arguments) const;
    /// Starts the daemon and waits until it says that it is ready.
    Process start_daemon() const;
    Process start_daemon(const ShiftedClock& clock) const;

    /// From its next start on the daemon serves its pages, on any free port.
    void serve_web() const;
    /// Puts lines before the tables of nudged.toml.
    void configure(const std::string& lines) const;
    /// Who looks after nudged gets messages, a JSON line each.
    void add_admin() const;
    /// What they got so far, one a line.
    /// What the admin is told of nudged itself, a line each; findings of nobody's team are not.
    std::vector<std::string> admin_notices() const;

    /// The simulated portal's team, with a manager whose digests go to the given Slack webhook.
    void add_team(const std::string& slack_url) const;

    /// What `nudged status` says that a person has to do; empty: nothing, and it exits with 0.
    std::string for_a_person() const;

    /// The rows that a query of the warehouse gives, a line each, its cells ended by tabs.
    std::string rows(const std::string& sql) const;

    const TempFolder& folder() const { return folder_; }
    std::string warehouse() const { return folder_.file("state/nudged.db"); }
    /// Everything that a sync stores, one row a line, without what differs from run to run: row
    /// numbers and the times of fetching.
    std::string contents() const;

private:
    void write_source(const std::string& name, const std::string& url) const;
    Process start(std::vector<std::string> arguments) const;

    TempFolder folder_;
};

}  // namespace nudged::tests
