// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/channel_fields.hpp"
#include "daemon/config/check_fields.hpp"
#include "daemon/config/daemon_fields.hpp"
#include "daemon/config/route_fields.hpp"
#include "daemon/config/shape.hpp"
#include "daemon/config/source_fields.hpp"
#include "daemon/config/team_fields.hpp"

namespace nudged::config {

std::vector<FileShape> file_shapes() {
    return {
        {"nudged", "nudged.toml", "The daemon itself: digests, alerts, web, backups, retention.",
         table_shape<DaemonOptions, alerts::AlertOptions, Config>()},
        {"source", "sources.d/*.toml", "One CRM account that is polled.",
         table_shape<SourceFile>()},
        {"channel", "channels.d/*.toml", "One destination of messages.",
         table_shape<ChannelFile>()},
        {"teams", "teams.toml", "Who works for whom.", table_shape<warehouse::Roster>()},
        {"routes", "routes.toml", "Who is told what, and when.",
         table_shape<alerts::RoutingOptions>()},
        {"kpis", "kpis.toml", "What is counted, and why.", table_shape<KpiFile>()},
        {"criteria", "criteria.toml", "What makes a deal real.", table_shape<CriteriaFile>()},
        {"checks", "checks.toml", "The settings of the checks.",
         table_shape<checks::CheckOptions>()},
        {"own-check", "checks.d/*.toml", "A check of your own, as a query over the views.",
         table_shape<SqlCheckFile>()},
    };
}

}  // namespace nudged::config
