// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/http/bench.hpp"

#include "tests/paths.hpp"

#include <boost/asio/post.hpp>
#include <unistd.h>

#include <fstream>
#include <future>
#include <iterator>
#include <stdexcept>

namespace nudged::tests {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
    std::ifstream stream{path, std::ios::binary};
    if (!stream) throw std::runtime_error("cannot read " + path.string());
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::string text_of(const model::Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    return std::string{std::get<std::string_view>(value)};
}

}  // namespace

void keep(const model::Page& page, Store& store) {
    for (const auto& record : page.records) {
        auto& kept = store[{record.entity, std::string{record.id}}];
        kept = {record.deleted, record.modified, {}};
        const auto fields = model::fields_of(record.entity);
        for (std::size_t i = 0; i < fields.size(); ++i)
            if (!std::holds_alternative<std::monostate>(record.values[i]))
                kept.fields[std::string{fields[i].name}] = text_of(record.values[i]);
    }
}

std::string replaced_in(std::string text,
                        const std::vector<std::pair<std::string, std::string>>& replaced) {
    for (const auto& [from, to] : replaced) {
        const auto at = text.find(from);
        if (at == std::string::npos) throw std::runtime_error("the manifest lacks: " + from);
        text.replace(at, from.size(), to);
    }
    return text;
}

HttpBench::HttpBench()
    : now(*parse_instant("2026-11-20T12:00:00Z")),
      folder_(fs::temp_directory_path() / fmt::format("nudged-http-{}", ::getpid())) {
    fs::create_directories(folder_);
}

HttpBench::~HttpBench() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

sources::SourceOptions HttpBench::options(const std::string& manifest_text,
                                          const std::string& base_url) {
    const auto file = folder_ / "manifest.toml";
    std::ofstream{file, std::ios::binary} << manifest_text;
    auto made = shipped(file.string(), base_url);
    return made;
}

sources::SourceOptions HttpBench::shipped(const std::string& name, const std::string& base_url) {
    sources::HttpSourceOptions http;
    http.manifest = name;
    http.settings["base_url"] = base_url;
    http.credentials["token"] = Secret{"pat-eu1-demo"};
    sources::SourceOptions made;
    made.name = "crm";
    made.connector = "http";
    made.zone = *Zone::find("Europe/Berlin");
    made.connector_options = std::move(http);
    made.place = {"sources.d/crm.toml", 1, 1};
    return made;
}

std::string HttpBench::shipped_text(
    const std::string& name, const std::vector<std::pair<std::string, std::string>>& replaced) {
    return replaced_in(
        read_file(fs::path{NUDGED_SOURCE_DIR} / "connectors/manifests" / (name + ".toml")),
        replaced);
}

std::unique_ptr<sources::Source> HttpBench::source(const sources::SourceOptions& options) {
    const sources::SourceContext context{http_,
                                         workers_,
                                         [this] { return now.load(); },
                                         std::string{NUDGED_SOURCE_DIR} + "/connectors/manifests",
                                         tokens,
                                         nullptr,
                                         limits};
    return sources::find_connector(options.connector)->make(options, context);
}

void HttpBench::cancel() {
    std::promise<void> heard;
    boost::asio::post(loop_, [&] {
        stop_.emit(boost::asio::cancellation_type::terminal);
        heard.set_value();
    });
    heard.get_future().wait();
}

model::Page HttpBench::fetch(sources::Source& source, model::Stream stream,
                             const model::Cursor& from) {
    return run(source.fetch_page(stream, from));
}

model::Cursor HttpBench::pull(sources::Source& source, model::Stream stream, Store& store,
                              model::Cursor from) {
    for (int pages = 0; pages < 10'000; ++pages) {
        const auto page = fetch(source, stream, from);
        keep(page, store);
        from = page.cursor;
        if (!page.more) return from;
    }
    throw std::runtime_error("the stream does not end");
}

void HttpBench::pull_all(sources::Source& source, Store& store) {
    for (const auto stream : source.streams()) pull(source, stream, store, {});
}

Failure HttpBench::failure_of(sources::Source& source, model::Stream stream,
                              const model::Cursor& from) {
    try {
        fetch(source, stream, from);
    } catch (const Failure& failure) {
        return failure;
    }
    throw std::runtime_error("nothing failed");
}

std::optional<std::string> read_shared(const std::string& path) {
    const fs::path file = fs::path{NUDGED_SOURCE_DIR} / "../shared" / path;
    if (!fs::exists(file)) return std::nullopt;
    return read_file(file);
}

}  // namespace nudged::tests
