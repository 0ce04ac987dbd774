// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/log.hpp"

#include "daemon/runtime/journal.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <unistd.h>

namespace nudged::runtime {
namespace {

struct LevelRow {
    const char* name;
    int syslog_priority;  // sd-daemon(3)
    spdlog::level::level_enum spdlog_level;
};

const LevelRow& row_of(Level level) {
    static constexpr std::array<LevelRow, 5> rows{{
        {"debug", 7, spdlog::level::debug},
        {"info", 6, spdlog::level::info},
        {"notice", 5, spdlog::level::info},
        {"warning", 4, spdlog::level::warn},
        {"error", 3, spdlog::level::err},
    }};
    return rows[static_cast<std::size_t>(level)];
}

std::string as_text(const EventField& field) {
    if (const auto* number = std::get_if<std::int64_t>(&field.value))
        return std::to_string(*number);
    if (const auto* real = std::get_if<double>(&field.value)) return fmt::format("{:.6g}", *real);
    const auto& text = std::get<std::string>(field.value);
    if (!text.empty() && text.find_first_of(" \"=\n\r\t\\") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return quoted + '"';
}

std::string as_line(const EventKind& kind, std::span<const EventField> fields) {
    std::string line{kind.name};
    for (const auto& field : fields) line += fmt::format(" {}={}", field.name, as_text(field));
    return line;
}

std::string as_json(Instant now, const EventKind& kind, std::span<const EventField> fields) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    const auto text = [&](std::string_view value) {
        writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    };
    writer.StartObject();
    text("time"), text(format_instant(now));
    text("level"), text(row_of(kind.level).name);
    text("event"), text(kind.name);
    for (const auto& field : fields) {
        text(field.name);
        if (const auto* number = std::get_if<std::int64_t>(&field.value))
            writer.Int64(*number);
        else if (const auto* real = std::get_if<double>(&field.value))
            writer.Double(*real);
        else
            text(std::get<std::string>(field.value));
    }
    writer.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace

LogFormat log_format_of(const std::string& name) {
    if (name == "json") return LogFormat::json;
    if (name == "text") return LogFormat::text;
    return leads_to_journal(STDERR_FILENO) ? LogFormat::journal : LogFormat::text;
}

std::string format_event(LogFormat format, Instant now, const EventKind& kind,
                         std::span<const EventField> fields) {
    switch (format) {
    case LogFormat::json: return as_json(now, kind, fields);
    case LogFormat::journal:
        return fmt::format("<{}>{}", row_of(kind.level).syslog_priority, as_line(kind, fields));
    case LogFormat::text: break;
    }
    return fmt::format("{} {:<7} {}", format_instant(now), row_of(kind.level).name,
                       as_line(kind, fields));
}

void start_logging(const LogOptions& options) {
    auto logger = std::make_shared<spdlog::logger>(
        "nudged", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    logger->set_pattern("%v");
    logger->set_level(spdlog::level::trace);
    logger->flush_on(spdlog::level::trace);
    set_event_sink([options, logger](const EventKind& kind, std::span<const EventField> fields) {
        if (kind.level < options.level) return;
        if (options.format == LogFormat::journal &&
            send_to_journal(journal_entry(kind, fields, as_line(kind, fields),
                                          row_of(kind.level).syslog_priority)))
            return;
        logger->log(row_of(kind.level).spdlog_level,
                    format_event(options.format, system_now(), kind, fields));
    });
}

}  // namespace nudged::runtime
