/* What runtime properties and inline code name: pairs of key and value in groups. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

struct json;

/* One pair. */
struct property {
    struct str key, value;
    size_t index; /* SQL: offset of the value in the code; properties: unused */
};

/* Pairs that belong together: a property group, or the WITH (...) of a table. */
struct property_group {
    struct str id;    /* group id; SQL: name of the table */
    struct str table; /* SQL: the table's name; else empty */
    bool sink;        /* SQL: something is inserted into the table */
    VEC(struct property) pairs;
};

struct property_groups {
    struct property_group *v;
    size_t n, cap;
};

/* The WITH options of the tables that SQL code (Flink or Studio) makes. */
struct property_groups sql_tables(struct arena *a, struct str code);
