// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/installation.hpp"

#include "connectors/base/text.hpp"
#include "tests/paths.hpp"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sched.h>
#include <stdexcept>
#include <sys/mount.h>
#include <thread>
#include <unistd.h>

namespace nudged::soak {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// Room for the warehouse of half a year and two copies of it.
constexpr const char* disk_size = "size=256m";

constexpr const char* main_file = R"(
state_dir = "state"
manifest_dir = "{}/connectors/manifests"
evaluate_every = "1h"
admin_channel = "admin"
[log]
format = "json"
[web]
port = 0
[backup]
keep = 2
[alerts]
shadow = false
)";

constexpr const char* source_file = R"(
[source]
name = "{0}"
connector = "http"
manifest = "{0}"
poll = "{1}m"
zone = "Europe/Berlin"
{2}
[source.settings]
{3}
[source.credentials]
{4}
)";

// A layer of stale deals would stand for the news of its rep.
constexpr const char* checks_file = "[rep.stale_layer]\nenabled = false\n";

crmsim::SimulatorOptions options_of(const char* dialect, const Clock& clock) {
    crmsim::SimulatorOptions options;
    options.dialect = dialect;
    options.token = "the-first-one";
    options.quotas = {.search_per_second = 0, .per_ten_seconds = 0, .per_day = 0};
    options.token_life = 1h;
    options.rotate_refresh_token = true;
    options.clock = clock;
    return options;
}

crmsim::StoryOptions story_of(unsigned seed, std::chrono::local_days today) {
    crmsim::StoryOptions story;
    story.seed = seed;
    story.today = today;
    return story;
}

/// Seen by this program and its children alone, so that it is gone with them.
bool mount_disk(const std::string& folder) {
    return ::unshare(CLONE_NEWNS) == 0 &&
           ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::mount("tmpfs", folder.c_str(), "tmpfs", 0, disk_size) == 0;
}

std::string date_list(const std::vector<std::chrono::local_days>& days) {
    std::string list;
    for (const auto day : days) list += (list.empty() ? "" : ", ") + format_date(day);
    return list;
}

/// As the simulated CRMs have it.
std::string address_of(std::string name) {
    std::ranges::replace(name, ' ', '.');
    return to_lower_ascii(name) + "@kestrel.example";
}

}  // namespace

Crms::Crms(unsigned seed, std::chrono::local_days today, const Clock& clock)
    : hubspot(story_of(seed, today), options_of("hubspot", clock)),
      pipedrive(story_of(seed + 1, today), options_of("pipedrive", clock)),
      salesforce(story_of(seed + 2, today), options_of("salesforce", clock)) {}

Installation::Installation(tests::LeapingClock& clock, Crms& crms, const Receivers& receivers,
                           std::chrono::minutes poll)
    : clock_(clock) {
    fs::create_directories(state_);
    has_own_disk_ = mount_disk(state_);
    folder_.write("nudged.toml", fmt::format(main_file, NUDGED_SOURCE_DIR));
    folder_.write("checks.toml", checks_file);
    write_sources(crms, poll);
    write_channels(receivers);
    write_teams();
}

Installation::~Installation() {
    daemon_.reset();
    if (has_own_disk_) ::umount2(state_.c_str(), MNT_DETACH);
}

std::string Installation::write_secret(const std::string& name, const std::string& text) const {
    const auto path = folder_.file("secrets/" + name);
    fs::remove(path);
    folder_.write("secrets/" + name, text + "\n");
    fs::permissions(path, fs::perms::owner_read);
    return fmt::format("{{ file = \"{}\" }}", path);
}

void Installation::write_hubspot_token(const std::string& token) const {
    write_secret("hubspot", token);
}

void Installation::write_sources(Crms& crms, std::chrono::minutes poll) const {
    const auto token = write_secret("hubspot", "the-first-one");
    const auto any = write_secret("client", "soak");
    const auto refresh = write_secret("refresh", "the-first-one");
    const auto login =
        fmt::format("client_id = {0}\nclient_secret = {0}\nrefresh_token = {1}", any, refresh);
    const auto write = [&](const Crm& crm, const std::string& auth, const std::string& settings,
                           const std::string& credentials) {
        folder_.write(
            "sources.d/" + crm.name() + ".toml",
            fmt::format(source_file, crm.name(), poll.count(), auth, settings, credentials));
    };
    const auto at = [](const char* setting, const Crm& crm, const char* path = "") {
        return fmt::format("{} = \"{}{}\"\n", setting, crm.url(), path);
    };
    write(crms.hubspot, "", at("base_url", crms.hubspot), "token = " + token);
    write(crms.pipedrive, "auth = \"oauth\"",
          at("base_url", crms.pipedrive) + at("token_url", crms.pipedrive, "/oauth/token"), login);
    write(crms.salesforce, "auth = \"person\"", at("login_url", crms.salesforce), login);
}

void Installation::write_channels(const Receivers& receivers) const {
    const auto write = [&](const std::string& name, const char* kind, const std::string& rest) {
        folder_.write("channels.d/" + name + ".toml",
                      fmt::format("[channel]\nname = \"{}\"\nkind = \"{}\"\n"
                                  "audience = \"manager\"\n{}\n",
                                  name, kind, rest));
    };
    write("slack", "slack", "url = " + write_secret("slack", receivers.slack_url()));
    write("webhook", "webhook",
          "private_addresses = true\nurl = " + write_secret("webhook", receivers.webhook_url()) +
              "\nsecret = " + write_secret("webhook-key", Receivers::webhook_secret()));
    write("teams", "teams", "url = " + write_secret("teams", receivers.teams_url()));
    write("mail", "smtp",
          fmt::format("host = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n"
                      "from = \"nudged@kestrel.example\"",
                      receivers.mail_server().port()));
    write("admin", "file", "path = \"admin.jsonl\"\nformat = \"json\"");
}

void Installation::write_teams() const {
    std::string text;
    for (const auto& team : teams()) {
        text += fmt::format(
            "[[team]]\nname = \"{0}\"\nmanager = {{ name = \"Mara Voss\", email = "
            "\"mara.voss.{1}@kestrel.example\" }}\nzone = \"{2}\"\nchannel = \"{1}\"\n"
            "holidays = [{3}]\n[team.coaching]\none_on_one = [\"tue\"]\nscrum = [\"thu\"]\n",
            team.name, team.channel, team.zone, date_list(team.holidays));
        for (const auto& rep : team.reps)
            text += fmt::format("[[team.member]]\nname = \"{}\"\nemail = \"{}\"\n", rep,
                                address_of(rep));
    }
    folder_.write("teams.toml", text);
}

std::vector<std::string> Installation::command(std::vector<std::string> arguments) const {
    std::vector<std::string> whole{NUDGED_BINARY_DIR "/bin/nudged"};
    whole.insert(whole.end(), arguments.begin(), arguments.end());
    whole.insert(whole.end(), {"-c", folder_.file("nudged.toml")});
    return whole;
}

void Installation::start() {
    const auto log = folder_.file(fmt::format("daemon.{}.log", ++lives_));
    daemon_ = std::make_unique<tests::Process>(clock_.following_command(command({"run"})), log);
    while (daemon_->output().find("daemon.ready") == std::string::npos) {
        if (!daemon_->runs())
            throw std::runtime_error("the daemon does not start: " + daemon_->output());
        std::this_thread::sleep_for(2ms);
    }
}

int Installation::stop(int signal) {
    daemon_->signal(signal);
    const int status = daemon_->wait();
    clock_.stop_following();
    daemon_.reset();
    return status;
}

tests::Finished Installation::nudged(std::vector<std::string> arguments) const {
    return tests::run_program(clock_.command(command(std::move(arguments))));
}

void Installation::fill_disk() const {
    const auto path = state_ + "/filler";
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    for (std::size_t piece = 1 << 20; file >= 0 && piece > 0;) {
        const std::string bytes(piece, 'x');
        if (::write(file, bytes.data(), bytes.size()) < 0) piece /= 2;
    }
    ::close(file);
}

void Installation::free_disk() const {
    fs::remove(state_ + "/filler");
}

std::string Installation::log() const {
    std::string all;
    for (int life = 1; life <= lives_; ++life)
        all += tests::read_file(folder_.file(fmt::format("daemon.{}.log", life)));
    return all;
}

std::string Installation::admin_messages() const {
    return tests::read_file(state_ + "/admin.jsonl");
}

}  // namespace nudged::soak
