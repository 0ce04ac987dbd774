// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/soak/crms.hpp"
#include "tests/soak/receivers.hpp"
#include "tests/support/leaping_clock.hpp"
#include "tests/support/process.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nudged::soak {

/// The three CRMs, as the sources of the same names.
struct Crms {
    Crms(unsigned seed, std::chrono::local_days today, const Clock& clock);
    std::vector<Crm*> all() { return {&hubspot, &pipedrive, &salesforce}; }

    Crm hubspot;     // a token
    Crm pipedrive;   // OAuth; access tokens live for an hour, refresh tokens for one use
    Crm salesforce;  // OAuth; sessions of half an hour
};

/// nudged with its configuration and state in a folder, and the daemon on the test's clock.
class Installation {
public:
    Installation(tests::LeapingClock& clock, Crms& crms, const Receivers& receivers,
                 std::chrono::minutes poll);
    ~Installation();
    Installation(const Installation&) = delete;
    Installation& operator=(const Installation&) = delete;

    /// Starts the daemon, and waits until it is ready.
    void start();
    /// Ends it; its exit status, or 128 and the signal.
    int stop(int signal);
    /// Null while it does not run.
    tests::Process* daemon() { return daemon_.get(); }
    bool is_running() const { return daemon_ != nullptr; }
    /// Runs a command to its end.
    tests::Finished nudged(std::vector<std::string> arguments) const;

    void write_hubspot_token(const std::string& token) const;
    /// The state lies on a small file system of its own; only root can have that.
    bool has_own_disk() const { return has_own_disk_; }
    void fill_disk() const;
    void free_disk() const;

    /// What the daemon has told so far, in each of its lives: a JSON object a line.
    std::string log() const;
    std::string admin_messages() const;

private:
    std::string write_secret(const std::string& name, const std::string& text) const;
    void write_sources(Crms& crms, std::chrono::minutes poll) const;
    void write_channels(const Receivers& receivers) const;
    void write_teams() const;
    std::vector<std::string> command(std::vector<std::string> arguments) const;

    tests::LeapingClock& clock_;
    tests::TempFolder folder_;
    std::string state_ = folder_.file("state");
    bool has_own_disk_ = false;
    int lives_ = 0;
    std::unique_ptr<tests::Process> daemon_;
};

}  // namespace nudged::soak
