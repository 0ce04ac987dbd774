// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "connectors/sources/http/manifest.hpp"
#include "connectors/sources/mapping/decode.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/paths.hpp"

#include <map>
#include <string>
#include <vector>

namespace nudged::fuzz {
namespace {

using namespace sources;
namespace fs = std::filesystem;

using Texts = std::map<std::string, std::string>;

/// What the manifests that ship ask an account for.
struct Account {
    Texts settings;
    std::vector<std::string> credentials{"token"};
};

Account account_of(const std::string& name) {
    const std::vector<std::string> client{"client_id", "client_secret"};
    static const std::map<std::string, Account> accounts{
        {"salesforce", {{{"login_url", "https://login.example"}}, client}},
        {"zoho",
         {{{"accounts_url", "https://accounts.example"}},
          {"client_id", "client_secret", "refresh_token"}}},
        {"dynamics365", {{{"org", "acme"}, {"login_url", "https://login.example"}}, client}},
        {"copper", {{{"call_types", "1"}}, {"token", "email"}}},
        {"freshsales",
         {{{"domain", "a.example"},
           {"deals_view", "1"},
           {"contacts_view", "2"},
           {"accounts_view", "3"}}}},
        {"google-sheets", {{{"spreadsheet", "s"}}, {"client_email", "private_key"}}},
    };
    const auto found = accounts.find(name);
    return found == accounts.end() ? Account{} : found->second;
}

SourceOptions options_of(const fs::path& file) {
    const auto account = account_of(file.stem().string());
    HttpSourceOptions http;
    http.manifest = file.string();
    http.settings = account.settings;
    for (const auto& name : account.credentials) http.credentials[name] = Secret{"secret"};
    SourceOptions options;
    options.name = "crm";
    options.connector = "http";
    options.zone = *Zone::find("Europe/Berlin");
    options.connector_options = http;
    return options;
}

/// The manifests that ship, by name.
std::map<std::string, Manifest, std::less<>> compile_all() {
    std::map<std::string, Manifest, std::less<>> all;
    const fs::path folder = fs::path{NUDGED_SOURCE_DIR} / "connectors/manifests";
    for (const auto& file : fs::directory_iterator(folder)) {
        Diagnostics problems;
        auto manifest = compile_manifest(file.path(), options_of(file.path()), problems);
        // One that has come since may ask for more than is known here.
        if (!problems.has_errors()) all.emplace(file.path().stem().string(), std::move(manifest));
    }
    return all;
}

/// One way to read the rows of an answer.
struct Reading {
    std::size_t request;
    const json::Path& records;
    const RecordPlan& record;
};

std::vector<Reading> readings_of(const StreamPlan& stream) {
    std::vector<Reading> all;
    const auto add = [&](const WalkPlan& walk, const json::Path& records, const RecordPlan& plan) {
        for (const auto& call : walk.passes) all.push_back({call.request, records, plan});
    };
    add(stream.walk, stream.records, stream.record);
    if (stream.backfill) {
        add(stream.backfill->walk, stream.backfill->records, stream.record);
        if (const auto& job = stream.backfill->job)
            all.push_back({job->results.request, stream.backfill->records, stream.record});
    }
    if (stream.deleted) add(stream.deleted->walk, stream.deleted->records, stream.deleted->record);
    if (stream.sweep) add(stream.sweep->walk, stream.sweep->records, stream.sweep->record);
    if (stream.by_id)
        all.push_back({stream.by_id->call.request, stream.by_id->records, stream.record});
    if (stream.of_each)
        all.push_back({stream.of_each->call.request, stream.of_each->records, stream.record});
    return all;
}

void read_answer(const Manifest& manifest, const Reading& reading, std::string_view text) {
    const auto& request = manifest.requests[reading.request];
    model::Page page;
    auto& body = page.adopt(std::string{text});
    const auto document = parse_answer(body, request.shape, reading.records);
    if (!document) return;
    const auto tally = decode(*document, reading.records, reading.record, page);
    promise(page.records.size() <= tally.rows, "no more records than rows");
    promise(page.malformed.size() <= model::Page::max_told, "no more problems are told than that");
    const net::Headers none;
    const PageSeen seen{*document, none, tally.rows, tally.last_id};
    total_of(request.pager, seen);
    try {
        if (const auto next = next_page(request.pager, {}, seen))
            next_page(request.pager, *next, seen);
    } catch (const Failure&) {
        // Pages that lead in a circle.
    }
}

void judge(const Manifest& manifest, std::string_view text) {
    net::HttpResponse response;
    response.body = text;
    for (const int status : {200, 400, 401, 403, 429, 503}) {
        response.status = status;
        classify(manifest.errors, response, from_millis(1'795'176'000'000), manifest.account_zone);
    }
}

}  // namespace

/// The first line names a manifest and an entity, "hubspot opportunity"; the rest is an answer.
void fuzz_pages(std::string_view input) {
    static const auto manifests = compile_all();
    promise(manifests.size() > 5, "the manifests that ship compile");
    const auto line = take_line(input);
    const auto space = line.find(' ');
    const auto manifest = manifests.find(line.substr(0, space));
    if (manifest == manifests.end() || space == line.npos) return;
    const auto entity = model::entity_of(line.substr(space + 1));
    const auto* stream = entity ? manifest->second.find(*entity) : nullptr;
    judge(manifest->second, input);
    if (stream == nullptr) return;
    for (const auto& reading : readings_of(*stream)) read_answer(manifest->second, reading, input);
}

}  // namespace nudged::fuzz
