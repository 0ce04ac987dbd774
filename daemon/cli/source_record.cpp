// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/crypto.hpp"
#include "connectors/sources/http/errors.hpp"
#include "connectors/sources/http/http_source.hpp"
#include "connectors/sources/recording/sanitizer.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/source_command.hpp"
#include "daemon/cli/source_trial.hpp"
#include "daemon/runtime/workplace.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>

namespace nudged::cli {
namespace {

namespace fs = std::filesystem;
namespace recording = sources::recording;

struct Options {
    std::string name;
    std::string folder;
    int pages = 1;
    std::vector<std::string> streams;
    bool raw = false;
};

/// Answers without the server's clock: a source goes by its own then, which stands still, and asks
/// for the same windows when the recording is replayed, whatever was asked before.
class WithoutDate : public net::Exchange {
public:
    explicit WithoutDate(net::Exchange& behind) : behind_(behind) {}

    net::asio::awaitable<net::HttpResponse> send(net::HttpRequest request) override {
        auto response = co_await behind_.send(std::move(request));
        std::erase_if(response.headers, [](const auto& header) { return header.first == "date"; });
        co_return response;
    }

private:
    net::Exchange& behind_;
};

/// Empty, and ours to write; told before the CRM is asked for anything.
void make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        give_up(exit_failure,
                fmt::format("{}: the folder cannot be made ({}); name another with --to",
                            folder.string(), error.message()));
    const bool is_empty = fs::is_empty(folder, error);
    if (error || !is_empty)
        give_up(exit_failure, fmt::format("{}: the folder is not empty; name a new one with --to, "
                                          "so that no recording mixes with another",
                                          folder.string()));
    fs::permissions(folder, fs::perms::owner_all, error);
}

void write_file(const fs::path& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary);
    out << text;
    out.close();
    if (!out)
        give_up(exit_failure, fmt::format("{}: cannot be written; free some space, or name a "
                                          "folder that is yours with --to",
                                          file.string()));
    std::error_code ignored;
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, ignored);
}

std::vector<std::string> secrets_of(const sources::SourceOptions& source) {
    std::vector<std::string> secrets;
    for (const auto& [name, secret] :
         std::get<sources::HttpSourceOptions>(source.connector_options).credentials)
        secrets.emplace_back(secret.reveal());
    return secrets;
}

void print_kept(const recording::Kept& kept) {
    fmt::print("kept      {} ids, {} numbers and dates given as text, {} choices, {} words of the "
               "manifest, {} page tokens; all JSON numbers\n",
               kept.ids, kept.values, kept.choices, kept.words, kept.pages);
    fmt::print("replaced  {} texts (names, addresses, telephone numbers, subjects, whatever the "
               "manifest does not read), the same text by the same placeholder\n",
               kept.replaced);
    fmt::print("left out  credentials, cookies, token requests, all headers but those of content, "
               "paging and limits; the host's name\n");
}

/// Answers that a session had ended and that were asked for again with a new one: a replay, which
/// has no session, would take them for a dead credential.
std::set<std::size_t> renewals_in(const net::Capture& capture, const sources::Manifest& manifest,
                                  recording::Sanitizer stripper, Instant now) {
    std::set<std::size_t> renewals;
    std::string ended;
    std::size_t number = 0;
    for (const auto& one : capture.exchanged()) {
        const auto asked = stripper.strip(one);
        const auto question =
            fmt::format("{} {}\n{}", asked.method, asked.target, asked.request_body);
        if (question == ended) renewals.insert(number - 1);
        const auto verdict =
            sources::classify(manifest.errors, one.response, now, manifest.account_zone);
        ended = verdict.kind == sources::ErrorClass::refresh_auth ? question : "";
        ++number;
    }
    return renewals;
}

/// What streams got that failed, too: it is worth most.
void write_recording(const Options& options, const recording::Terms& terms,
                     const sources::Manifest& manifest, const sources::SourceOptions& source,
                     const net::Capture& capture) {
    constexpr std::size_t salt_bytes = 32;
    recording::Sanitizer sanitizer{manifest, secrets_of(source), crypto::random_bytes(salt_bytes)};
    const fs::path folder = options.folder;
    std::size_t number = 0;
    const auto renewals =
        renewals_in(capture, manifest, {manifest, secrets_of(source), "salt"}, terms.at);
    std::size_t asked = 0;
    for (const auto& exchange : capture.exchanged()) {
        if (renewals.contains(asked++)) continue;
        const auto kept = options.raw ? sanitizer.strip(exchange) : sanitizer.sanitize(exchange);
        write_file(folder / recording::file_name(++number), recording::to_text(kept));
    }
    write_file(folder / recording::terms_file, recording::to_text(terms));
    fmt::print("{} exchanges in {}\n", number, options.folder);
    if (options.raw)
        fmt::print("RAW: the bodies hold your customers' data as it is. Credentials and cookies "
                   "are left out. Keep it to yourself\n");
    else
        print_kept(sanitizer.kept());
    if (!options.raw) fmt::print("look through the files before you give them to anybody\n");
    fmt::print("`nudged source replay {} {}` runs them again\n", options.name, options.folder);
}

void record(const Options& options, const config::Config& config, Context& context) {
    const auto& source = source_named(config, options.name);
    if (source.connector != "http")
        give_up(exit_usage, fmt::format("{}: a {} source makes no exchanges to record; send the "
                                        "file itself",
                                        source.name, source.connector));
    const auto manifest = sources::read_manifest(source, config.daemon.manifest_dir);
    std::vector<model::Entity> known;
    for (const auto& stream : manifest.streams) known.push_back(stream.entity);
    const TrialPlan plan{.only = entities_named(options.streams, known), .pages = options.pages};
    make_folder(options.folder);

    runtime::Workplace place;
    WithoutDate dateless{place.http()};
    net::Capture capture{dateless};
    // One instant for all: a replay asks for the same windows then.
    const auto seconds = std::chrono::floor<std::chrono::seconds>(system_now());
    const Instant now{seconds};
    const auto made =
        runtime::make_source(source, place.source_context(config, capture, [now] { return now; }));
    Trial trial;
    place.run(try_source(*made, plan, capture, trial));
    const auto& http = std::get<sources::HttpSourceOptions>(source.connector_options);
    write_recording(options,
                    {.source = source.name,
                     .manifest = fs::path{http.manifest}.filename().string(),
                     .at = now,
                     .pages = options.pages,
                     .streams = options.streams,
                     .raw = options.raw},
                    manifest, source, capture);
    for (const auto& one : trial.streams)
        if (one.failure)
            fmt::print(stderr, "{}/{}: {}: {}\n", to_string(one.stream.entity),
                       to_string(one.stream.lane), to_string(one.failure->kind()),
                       one.failure->what());
    if (trial.failures() > 0) context.status = exit_failure;
}

}  // namespace

void add_source_record(Parser group, Context& context) {
    auto options = std::make_shared<Options>();
    auto command = group.add_subcommand(
        "record", "Save what the CRM is asked and answers, without credentials and without what "
                  "tells of people, for tests and bug reports");
    command.add_option("NAME", options->name, "the source").required();
    command.add_option("--to", options->folder, "a new folder").required();
    command.add_option("--pages", options->pages, "so many of each stream")
        .between(1, 1000)
        .show_default();
    command.add_option("--stream", options->streams, "this one alone; may be repeated");
    command.add_flag(
        "--raw", options->raw,
        "texts as they are, for yourself alone; credentials are left out all the same");
    command.callback([options, &context] {
        record(*options, *context.load(config::Secrets::required), context);
    });
}

}  // namespace nudged::cli
