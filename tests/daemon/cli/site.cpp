// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/cli/site.hpp"

#include "connectors/model/entity.hpp"
#include "daemon/runtime/workplace.hpp"
#include "daemon/warehouse/database.hpp"
#include "tests/paths.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <regex>
#include <stdexcept>

namespace nudged::tests {
namespace {

constexpr const char* main_file = R"(
state_dir = "state"
manifest_dir = "manifests"
[web]
enabled = false
[digest]
at = "00:00"
until = "23:59"
every_day = true

[brief]
enabled = false
[alerts]
shadow = false
)";

constexpr const char* source_file = R"(
[source]
name = "hubspot"
connector = "http"
manifest = "hubspot"
poll = "1h"
[source.settings]
base_url = "{}"
[source.credentials]
token = {{ file = "{}" }}
)";

constexpr const char* channel_file = R"(
[channel]
name = "managers"
kind = "slack"
audience = "manager"
url = {{ file = "{}" }}
)";

constexpr const char* team_file = R"(
[[team]]
name = "Outbound"
manager = { name = "Mara Voss", email = "mara.voss@kestrel.example" }
zone = "Europe/Berlin"
channel = "managers"
[[team.member]]
name = "Ana Duarte"
email = "ana.duarte@kestrel.example"
[[team.member]]
name = "Ben Okafor"
email = "ben.okafor@kestrel.example"
)";

std::vector<std::string> with(std::vector<std::string> first, std::vector<std::string> rest) {
    first.insert(first.end(), rest.begin(), rest.end());
    return first;
}

/// The rows of a query, a line each, sorted by SQL.
void append_rows(std::string& out, const warehouse::Database& database, const std::string& sql) {
    auto row = database.prepare(sql);
    while (row.step()) {
        for (int i = 0; i < row.column_count(); ++i) {
            out += row.is_null(i) ? "∅" : std::string{row.text(i)};
            out += '\t';
        }
        out += '\n';
    }
}

}  // namespace

std::string program(const std::string& name) {
    return NUDGED_BINARY_DIR "/bin/" + name;
}

Crm::Crm(std::vector<std::string> options)
    : process_(with({program("crmsim"), "--port", "0", "--token", "test-token", "--quiet",
                     "--search-per-second", "0", "--per-ten-seconds", "0"},
                    std::move(options)),
               folder_.file("crmsim.log")) {
    url_ = process_.await_line("listening on ");
    if (url_.empty()) throw std::runtime_error("crmsim does not start: " + process_.output());
}

SlackReceiver::SlackReceiver()
    : process_({program("slack_receiver"), "--port", "0", "--log", folder_.file("messages.jsonl")},
               folder_.file("receiver.log")) {
    url_ = process_.await_line("listening on ") + "/services/T0/B0/secret-of-the-hook";
}

std::size_t Crm::requests() const {
    runtime::Workplace place;
    std::string log;
    auto ask = [&]() -> runtime::asio::awaitable<void> {
        net::HttpRequest request;
        request.url = url_ + "/_sim/log";
        log = (co_await place.http().send(request)).body;
    };
    place.run(ask());
    std::size_t count = 0;
    for (auto at = log.find("\"target\""); at != log.npos; at = log.find("\"target\"", at + 1))
        ++count;
    return count;
}

void Crm::order(const std::string& path, const std::string& body) const {
    runtime::Workplace place;
    int status = 0;
    auto ask = [&]() -> runtime::asio::awaitable<void> {
        net::HttpRequest request;
        request.method = "POST";
        request.url = url_ + path;
        request.body = body;
        status = (co_await place.http().send(request)).status;
    };
    place.run(ask());
    if (status != 200) throw std::runtime_error(fmt::format("{} is answered {}", path, status));
}

Site::Site() {
    folder_.write("nudged.toml", main_file);
}

Site::Site(const std::string& crm_url) : Site() {
    // The simulated CRM has no limits here, so the manifest's pace is not kept.
    const auto manifest = read_file(NUDGED_SOURCE_DIR "/connectors/manifests/hubspot.toml");
    static const std::regex pace{"per +?= \"[0-9]+ms\""};
    folder_.write("manifests/hubspot.toml", std::regex_replace(manifest, pace, "per = \"1ms\""));
    const auto token = folder_.write("secrets/token", "test-token\n");
    std::filesystem::permissions(token, std::filesystem::perms::owner_read);
    folder_.write("sources.d/hubspot.toml", fmt::format(fmt::runtime(source_file), crm_url, token));
}

void Site::add_team(const std::string& slack_url) const {
    folder_.write("teams.toml", team_file);
    const auto url = folder_.write("secrets/slack", slack_url + "\n");
    std::filesystem::permissions(url, std::filesystem::perms::owner_read);
    folder_.write("channels.d/managers.toml", fmt::format(fmt::runtime(channel_file), url));
}

std::vector<std::string> Site::command(std::vector<std::string> arguments) const {
    return with(with({program("nudged")}, std::move(arguments)),
                {"-c", folder_.file("nudged.toml")});
}

Finished Site::nudged(std::vector<std::string> arguments) const {
    return run_program(command(std::move(arguments)));
}

Process Site::start_daemon() const {
    Process daemon(command({"run"}), folder_.file("daemon.log"));
    for (int tries = 0; tries < 3000 && daemon.runs(); ++tries) {
        if (daemon.output().find("daemon.ready") != std::string::npos) return daemon;
        usleep(10'000);
    }
    throw std::runtime_error("the daemon does not start: " + daemon.output());
}

std::string Site::rows(const std::string& sql) const {
    const warehouse::Database database(warehouse(), warehouse::Database::Mode::read_only);
    std::string out;
    append_rows(out, database, sql);
    return out;
}

std::string Site::contents() const {
    const warehouse::Database database(warehouse(), warehouse::Database::Mode::read_only);
    std::string out;
    for (const auto entity : model::all_entities()) {
        const auto table = to_string(entity);
        std::string columns = "external_id, modified_at, content_hash, deleted_at IS NULL";
        for (const auto& field : model::fields_of(entity))
            columns += fmt::format(", {}", field.name);
        // History by difference is numbered by when it was seen: only the CRM's own is the same.
        const auto* where =
            entity == model::Entity::opportunity_change ? "WHERE origin = 'crm'" : "";
        out += fmt::format("## {}\n", table);
        append_rows(
            out, database,
            fmt::format("SELECT {} FROM {} {} ORDER BY external_id", columns, table, where));
    }
    out += "## rollup\n";
    append_rows(out, database,
                "SELECT owner_id, measure, day, value FROM v_rep_day ORDER BY 1, 2, 3");
    return out;
}

}  // namespace nudged::tests
