// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/cli/site.hpp"

#include "connectors/model/entity.hpp"
#include "daemon/runtime/workplace.hpp"
#include "daemon/warehouse/database.hpp"
#include "tests/paths.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <regex>
#include <sstream>
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
name = "{0}"
connector = "http"
manifest = "{0}"
poll = "1h"
[source.settings]
base_url = "{1}"
[source.credentials]
token = {{ file = "{2}" }}
)";

constexpr const char* manifest_head = R"(
[connector]
name = "small"
base_url = "{settings.base_url}"
[settings]
base_url = ""
[auth]
kind = "bearer"
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

net::HttpResponse send(const net::HttpRequest& request) {
    runtime::Workplace place;
    net::HttpResponse response;
    auto ask = [&]() -> runtime::asio::awaitable<void> {
        response = co_await place.http().send(request);
    };
    place.run(ask());
    return response;
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

rapidjson::Document Crm::log() const {
    net::HttpRequest request;
    request.url = url_ + "/_sim/log";
    rapidjson::Document log;
    log.Parse(send(request).body.c_str());
    return log;
}

std::size_t Crm::requests() const {
    return log()["requests"].Size();
}

std::vector<std::string> Crm::bodies(const std::string& path) const {
    const auto served = log();
    std::vector<std::string> bodies;
    for (const auto& request : served["requests"].GetArray())
        if (request["target"].GetString() == path) bodies.emplace_back(request["body"].GetString());
    return bodies;
}

void Crm::order(const std::string& path, const std::string& body) const {
    net::HttpRequest request;
    request.method = "POST";
    request.url = url_ + path;
    request.body = body;
    const auto status = send(request).status;
    if (status != 200) throw std::runtime_error(fmt::format("{} is answered {}", path, status));
}

WebPage ask_web(const Process& daemon, const std::string& path) {
    const auto log = daemon.output();
    const auto at = log.find("port=", log.find("web.listening"));
    if (at == log.npos) throw std::runtime_error("the daemon serves no pages: " + log);
    net::HttpRequest request;
    request.url = fmt::format("http://127.0.0.1:{}{}",
                              log.substr(at + 5, log.find_first_of(" \n", at) - at - 5), path);
    auto response = send(request);
    return {response.status, std::move(response.body)};
}

Site::Site() {
    folder_.write("nudged.toml", main_file);
}

Site::Site(const std::string& crm_url) : Site() {
    // The simulated CRM has no limits here, so the manifest's pace is not kept.
    const auto manifest = read_file(NUDGED_SOURCE_DIR "/connectors/manifests/hubspot.toml");
    static const std::regex pace{"per +?= \"[0-9]+ms\""};
    folder_.write("manifests/hubspot.toml", std::regex_replace(manifest, pace, "per = \"1ms\""));
    write_source("hubspot", crm_url);
}

void Site::add_source(const std::string& manifest, const std::string& url) const {
    folder_.write("manifests/small.toml", manifest_head + manifest);
    write_source("small", url);
}

void Site::write_source(const std::string& name, const std::string& url) const {
    const auto token = folder_.write("secrets/token", "test-token\n");
    std::filesystem::permissions(token, std::filesystem::perms::owner_read);
    folder_.write(fmt::format("sources.d/{}.toml", name),
                  fmt::format(fmt::runtime(source_file), name, url, token));
}

void Site::add_team(const std::string& slack_url) const {
    folder_.write("teams.toml", team_file);
    const auto url = folder_.write("secrets/slack", slack_url + "\n");
    std::filesystem::permissions(url, std::filesystem::perms::owner_read);
    folder_.write("channels.d/managers.toml", fmt::format(fmt::runtime(channel_file), url));
}

void Site::serve_web() const {
    auto text = read_file(folder_.file("nudged.toml"));
    text.replace(text.find("enabled = false"), 15, "port = 0");
    folder_.write("nudged.toml", text);
}

void Site::configure(const std::string& lines) const {
    folder_.write("nudged.toml", lines + read_file(folder_.file("nudged.toml")));
}

void Site::add_admin() const {
    configure("admin_channel = \"admin\"\n");
    folder_.write("channels.d/admin.toml",
                  "[channel]\nname = \"admin\"\nkind = \"file\"\naudience = \"manager\"\n"
                  "path = \"admin.jsonl\"\nformat = \"json\"\n");
}

std::vector<std::string> Site::admin_notices() const {
    std::istringstream in(read_file(folder_.file("state/admin.jsonl")));
    std::vector<std::string> notices;
    for (std::string line; std::getline(in, line);)
        if (line.find("\"about\":") != line.npos) notices.push_back(std::move(line));
    return notices;
}

std::vector<std::string> Site::command(std::vector<std::string> arguments) const {
    return with(with({program("nudged")}, std::move(arguments)),
                {"-c", folder_.file("nudged.toml")});
}

Finished Site::nudged(std::vector<std::string> arguments) const {
    return run_program(command(std::move(arguments)));
}

Process Site::start_daemon() const {
    return start(command({"run"}));
}

Process Site::start_daemon(const ShiftedClock& clock) const {
    return start(clock.command(command({"run"})));
}

Process Site::start(std::vector<std::string> arguments) const {
    Process daemon(std::move(arguments), folder_.file("daemon.log"));
    for (int tries = 0; tries < 3000 && daemon.runs(); ++tries) {
        if (daemon.output().find("daemon.ready") != std::string::npos) return daemon;
        usleep(10'000);
    }
    throw std::runtime_error("the daemon does not start: " + daemon.output());
}

std::string Site::for_a_person() const {
    const auto status = nudged({"status"});
    const auto begin = status.output.find("For a person to do\n");
    if ((status.status == 0) != (begin == std::string::npos))
        throw std::runtime_error("the exit status and the text contradict: " + status.output);
    return begin == std::string::npos ? "" : status.output.substr(begin);
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
