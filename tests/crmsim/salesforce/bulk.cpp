// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/salesforce/bulk.hpp"

#include "tests/crmsim/json.hpp"
#include "tests/crmsim/salesforce/errors.hpp"
#include "tests/crmsim/salesforce/ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace nudged::crmsim::salesforce {
namespace {

constexpr std::size_t default_page = 50'000;

constexpr std::pair<std::string_view, char> delimiters[] = {{"BACKQUOTE", '`'}, {"CARET", '^'},
                                                            {"COMMA", ','},     {"PIPE", '|'},
                                                            {"SEMICOLON", ';'}, {"TAB", '\t'}};

char delimiter_of(std::string_view name) {
    for (const auto& [known, c] : delimiters)
        if (known == name) return c;
    throw refusal(400, "INVALIDJOB", fmt::format("Invalid column delimiter: {}", name));
}

/// RFC 4180, every cell in quotes; line breaks stay what they are.
std::string quoted(std::string_view cell) {
    std::string text = "\"";
    for (const char c : cell) text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return text + "\"";
}

template <typename Text>
std::string line(const Plan& plan, char delimiter, std::string_view ending, Text text) {
    std::string line;
    for (const Column& column : plan.columns) {
        if (!line.empty()) line += delimiter;
        line += quoted(text(column));
    }
    return line + std::string(ending);
}

std::string header_of(const Column& column) {
    if (column.reference == nullptr) return column.name;
    return std::string(column.reference->relationship) + "." + column.name;
}

std::string member_or(const rapidjson::Value& body, const char* name, const char* fallback) {
    const std::string text = loopback::text_member(body, name);
    return text.empty() ? fallback : text;
}

std::size_t to_number(std::string_view text, std::size_t fallback) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error != std::errc{} || end != text.data() + text.size() ? fallback : number;
}

}  // namespace

std::string_view BulkJobs::Job::state() const {
    if (aborted) return "Aborted";
    if (looks == 0) return "UploadComplete";
    if (looks < looks_needed) return "InProgress";
    return failure.empty() ? "JobComplete" : "Failed";
}

loopback::Reply BulkJobs::answer(const Org& org, const loopback::Request& request,
                                 std::string_view rest) {
    if (rest.empty() && request.method == "POST") return create(org, request);
    if (!rest.starts_with('/')) throw not_there();
    rest.remove_prefix(1);
    const std::size_t slash = rest.find('/');
    const auto found = jobs_.find(rest.substr(0, slash));
    if (found == jobs_.end()) throw not_there();
    Job& job = found->second;
    const std::string_view part = slash == std::string_view::npos ? "" : rest.substr(slash);
    if (part == "/results" && request.method == "GET") return results(request, job);
    if (!part.empty()) throw not_there();
    if (request.method == "DELETE") {
        jobs_.erase(found);
        return {.status = 204, .content_type = ""};
    }
    if (request.method == "PATCH") {
        job.aborted = request.body.find("Aborted") != std::string::npos;
        return describe(job);
    }
    job.looks = std::min(job.looks + 1, job.looks_needed);
    job.modified = org.now;
    return describe(job);
}

loopback::Reply BulkJobs::create(const Org& org, const loopback::Request& request) {
    rapidjson::Document body;
    body.Parse(request.body.c_str());
    if (body.HasParseError() || !body.IsObject())
        throw refusal(400, "INVALIDJOB", "Unable to parse Job");
    Job job;
    job.operation = loopback::text_member(body, "operation");
    if (job.operation != "query" && job.operation != "queryAll")
        throw refusal(400, "INVALIDJOB", "Unknown operation: " + job.operation);
    if (member_or(body, "contentType", "CSV") != "CSV")
        throw refusal(400, "INVALIDJOB", "Only the content type CSV is supported");
    job.delimiter = member_or(body, "columnDelimiter", "COMMA");
    job.line_ending = member_or(body, "lineEnding", "LF");
    const char delimiter = delimiter_of(job.delimiter);
    const std::string_view ending = job.line_ending == "CRLF" ? "\r\n" : "\n";

    const Plan plan =
        make_plan(org, loopback::text_member(body, "query"), job.operation == "queryAll");
    if (!plan.object->bulk)
        throw refusal(
            400, "INVALIDENTITY",
            fmt::format("Entity '{}' is not supported by the Bulk API.", plan.object->name));
    if (plan.query.count)
        throw refusal(400, "INVALIDJOB", "Aggregate queries are not supported by the Bulk API.");
    job.id = id_text("750", ++last_);
    job.object = plan.object->name;
    job.created = job.modified = org.now;
    job.looks_needed = std::max(1, org.settings.bulk_polls);
    job.failure = org.settings.bulk_failure;
    job.head = line(plan, delimiter, ending, header_of);
    for (const Row& row : run(org, plan))
        job.lines.push_back(line(plan, delimiter, ending, [&](const Column& column) {
            return csv_text(value_of(org, *plan.object, row, column));
        }));
    return describe(jobs_[job.id] = std::move(job));
}

loopback::Reply BulkJobs::describe(const Job& job) {
    const std::string_view state = job.state();
    loopback::JsonWriter json;
    json.StartObject();
    json.member("id", job.id);
    json.member("operation", job.operation);
    json.member("object", job.object);
    json.member("createdById", id_text("005", 1));
    const auto time = [](Instant at) {
        return json_time(std::chrono::floor<std::chrono::seconds>(at));
    };
    json.member("createdDate", time(job.created));
    json.member("systemModstamp", time(job.modified));
    json.member("state", state);
    json.member("concurrencyMode", "Parallel");
    json.member("contentType", "CSV");
    json.key("apiVersion");
    json.RawValue("66.0", 4, rapidjson::kNumberType);
    json.member("lineEnding", job.line_ending);
    json.member("columnDelimiter", job.delimiter);
    if (state != "UploadComplete") {
        const bool complete = state == "JobComplete";
        json.member("jobType", "V2Query");
        if (state == "Failed") json.member("errorMessage", job.failure);
        json.member("numberRecordsProcessed",
                    static_cast<std::int64_t>(complete ? job.lines.size() : 0));
        json.member("retries", std::int64_t{0});
        json.member("totalProcessingTime", std::int64_t{complete ? 1'187 : 0});
        if (state != "Failed") json.member("isPkChunkingSupported", true);
    }
    json.EndObject();
    return {.content_type = "application/json;charset=UTF-8", .body = json.str()};
}

loopback::Reply BulkJobs::results(const loopback::Request& request, const Job& job) const {
    if (job.state() != "JobComplete")
        throw refusal(400, "INVALIDJOBSTATE",
                      fmt::format("Results of a job in state {} cannot be read", job.state()));
    // A locator is opaque to clients: here, the number of the row behind a letter.
    const std::string_view locator = request.parameter("locator");
    std::size_t begin = 0;
    if (!locator.empty()) {
        begin = locator.front() == 'M' ? to_number(locator.substr(1), 0) : 0;
        if (begin == 0 || begin >= job.lines.size())
            throw refusal(400, "INVALID_LOCATOR", "The locator is not valid for this job");
    }
    const std::size_t size =
        std::max<std::size_t>(1, to_number(request.parameter("maxRecords"), default_page));
    const std::size_t end = std::min(job.lines.size(), begin + size);
    loopback::Reply reply{.content_type = "text/csv; charset=UTF-8", .body = job.head};
    for (std::size_t i = begin; i < end; ++i) reply.body += job.lines[i];
    reply.headers.emplace_back("Sforce-Locator",
                               end == job.lines.size() ? "null" : "M" + std::to_string(end));
    reply.headers.emplace_back("Sforce-NumberOfRecords", std::to_string(end - begin));
    return reply;
}

}  // namespace nudged::crmsim::salesforce
