/* Rows for the last row of the screen. The order is that of use: what does not fit is left out from the end. */
#include "ui/hint.h"

const struct pane_hint hints_packet[] = {
	{ "Left Right", "fold" }, { "Esc", "back" },  { "Tab", "bytes" }, { "< >", "others" }, { "]", "same kind" },
	{ "\\", "search" },       { "E", "explain" }, { "m", "mark" },    { "y", "copy" },     { 0 },
};

const struct pane_hint hints_bytes[] = {
	{ "S-Tab", "fields" }, { "Esc", "back" }, { "\\", "search" }, { "< >", "others" },
	{ "]", "same kind" },  { "m", "mark" },   { "y", "copy" },    { 0 },
};

const struct pane_hint hints_packets[] = {
	{ "Enter", "open" },
	{ "t", "view" },
	{ "f", "follow" },
	{ "/", "filter" },
	{ "\\", "search" },
	{ "]", "same kind" },
	{ "m", "mark" },
	{ "p", "pause" },
	{ "G", "newest" },
	{ "w", "save" },
	{ "E", "explain" },
	{ "z", "zoom" },
	{ 0 },
};

const struct pane_hint hints_ladder[] = {
	{ "Enter", "open" },  { "t", "view" },    { "/", "match" }, { "\\", "search" },
	{ "]", "same kind" }, { "m", "mark" },    { "p", "pause" }, { "G", "newest" },
	{ "w", "save" },      { "E", "explain" }, { "z", "zoom" },  { 0 },
};

const struct pane_hint hints_stream[] = {
	{ "t", "view" }, { "h", "text hex C" }, { "\\", "search" }, { "]", "same side" }, { "w", "save" },
	{ "m", "mark" }, { "y", "copy" },       { "p", "pause" },   { "G", "newest" },    { "z", "zoom" },
	{ 0 },
};

const struct pane_hint hints_calls[] = {
	{ "Enter", "open" }, { "\\", "search" }, { "]", "same call" }, { "m", "mark" },
	{ "E", "explain" },  { "y", "copy" },    { "G", "newest" },    { 0 },
};

const struct pane_hint hints_columns[] = {
	{ "Space", "show or hide" }, { "Esc", "back" }, { "Left Right", "move" }, { "D", "as at first" }, { 0 },
};

const struct pane_hint hints_groups[] = {
	{ "Enter", "its sockets" }, { "u", "group by" }, { "o", "sort" }, { "/", "filter" }, { "\\", "search" }, { 0 },
};

const struct pane_hint hints_sockets[] = {
	{ "Enter", "inspect" }, { "/", "filter" }, { "E", "explain" }, { "t", "view" },       { "f", "follow" },
	{ "u", "group" },       { "o", "sort" },   { "C", "columns" }, { "]", "same state" }, { 0 },
};

const struct pane_hint hints_inspector[] = {
	{ "v", "next page" },
	{ "V", "graph" },
	{ "E", "explain" },
	{ "\\", "search" },
	{ "z", "zoom" },
	{ "Esc", "back" },
	{ 0 },
};

const struct pane_hint hints_options[] = {
	{ "Enter", "change" },
	{ "v", "next page" },
	{ "E", "explain" },
	{ "\\", "search" },
	{ "z", "zoom" },
	{ "Esc", "back" },
	{ 0 },
};

const struct pane_hint hints_graph[] = {
	{ "V", "next graph" },
	{ "Esc", "back" },
	{ "+ -", "closer, further" },
	{ "0", "all" },
	{ "Left Right", "cursor" },
	{ "v", "next page" },
	{ 0 },
};

const struct pane_hint hints_help[] = {
	{ "j k", "scroll" }, { "Esc", "back" }, { "PgDn", "page" }, { "G", "end" }, { 0 },
};

const struct pane_hint hints_settings[] = {
	{ "j k", "choose" }, { "Esc", "back" }, { "Left Right", "change" }, { "Enter", "edit" }, { 0 },
};

const struct pane_hint hints_call[] = {
	{ "< >", "others" }, { "Esc", "back" }, { "]", "same call" }, { "\\", "search" },
	{ "E", "explain" },  { "m", "mark" },   { "y", "copy" },      { 0 },
};
