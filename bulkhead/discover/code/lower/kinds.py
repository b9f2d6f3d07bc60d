"""What the grammars call things: kinds of nodes, of all languages at once where they agree.

The grammars are those of tree-sitter that ast-grep-py holds. Few kinds mean different things in
different languages; those are told apart by their fields.
"""

from __future__ import annotations

from typing import Final

from bulkhead.discover.code.words import words

NAMES: Final = words(
    "identifier field_identifier property_identifier constant simple_identifier "
    "type_identifier name shorthand_property_identifier shorthand_property_identifier_pattern "
    "namespace_identifier package_identifier alias predefined_type interpolated_identifier "
    "shorthand_field_identifier private_property_identifier global_variable "
    "statement_identifier primitive_type relative_scope integral_type atom hash_key_symbol "
    "simple_symbol"
)
THIS: Final = words("this self this_expression super")

STRINGS: Final = words(
    "string_literal string interpreted_string_literal raw_string_literal template_string "
    "encapsed_string interpolated_string_expression concatenated_string charlist heredoc_body "
    "line_string_literal multi_line_string_literal verbatim_string_literal chained_string "
    "raw_string heredoc interpolated_string char_literal character_literal rune_literal"
)
CONTENT: Final = words(
    "character string_content string_fragment string_literal_content quoted_content "
    "raw_string_content "
    "interpreted_string_literal_content raw_string_literal_content multiline_string_fragment "
    "raw_string_literal_content verbatim_string_literal_content heredoc_content "
    "interpolated_string_text interpolated_verbatim_string_text"
)
ESCAPES: Final = frozenset({"escape_sequence", "character_escape_seq", "string_literal_encoding"})
MARKS_OF_STRINGS: Final = words(
    "interpolation_start interpolation_brace interpolation_identifier_start "
    "interpolation_expression_start interpolation_expression_end interpolation_quote "
    "raw_string_delimiter heredoc_start heredoc_end format_specifier "
    "interpolation_format_clause interpolation_alignment_clause"
)
NUMBERS: Final = words(
    "number_literal int_literal integer_literal decimal_integer_literal number integer "
    "hex_integer_literal long_literal"
)

MEMBERS: Final = words(
    "field_expression qualified_identifier scoped_identifier scoped_type_identifier "
    "selector_expression field_access member_expression member_access_expression "
    "navigation_expression scope_resolution dot dot_index_expression method_index_expression "
    "class_constant_access_expression scoped_property_access_expression "
    "conditional_access_expression qualified_type qualified_name "
    "nullsafe_member_access_expression stable_identifier directly_assignable_expression "
    "stable_type_identifier user_type alias_qualified_name method_reference"
)
OF_MEMBERS: Final = (
    "argument", "value", "object", "expression", "scope", "path", "operand", "table", "left",
    "condition", "qualifier",
)  # fmt: skip
NAMES_OF_MEMBERS: Final = ("field", "name", "property", "method", "right")
"""Where the object of a member is, and where its name."""

CALLS: Final = words(
    "call_expression method_invocation invocation_expression call function_call_expression "
    "member_call_expression nullsafe_member_call_expression scoped_call_expression "
    "function_call macro_invocation constructor_invocation explicit_constructor_invocation"
)
NEWS: Final = words(
    "new_expression object_creation_expression instance_expression "
    "compound_literal_expression implicit_object_creation_expression"
)
ARGUMENTS: Final = words(
    "argument_list arguments value_arguments call_suffix token_tree initializer_list argument "
    "annotation_argument_list"
)

TRANSPARENT: Final = words(
    "parenthesized_expression await_expression try_expression reference_expression "
    "pointer_expression expression_statement argument value_argument literal_element "
    "cast_expression as_expression non_null_expression type_cast_expression "
    "postfix_expression annotated_lambda expression_list satisfies_expression await "
    "spread_element variadic_argument unary_expression generic_function "
    "parenthesized_statements type_assertion type_assertion_expression update_expression "
    "as_pattern checked_expression ref_expression postfix_unary_expression "
    "prefix_unary_expression begin call_expression_argument by_ref type_conversion_expression"
)

ASSIGNMENTS: Final = words(
    "assignment_expression assignment assignment_statement short_var_declaration "
    "augmented_assignment_expression operator_assignment compound_assignment_expr "
    "reference_assignment_expression"
)
DECLARATIONS: Final = words(
    "init_declarator variable_declarator let_declaration const_item static_item const_spec "
    "var_spec val_definition var_definition const_element property_element "
    "public_field_definition field_definition object_assignment_pattern enum_assignment "
    "let_condition"
)

FUNCTIONS: Final = words(
    "function_definition function_declaration method_declaration constructor_declaration "
    "function_item method_definition method singleton_method local_function_statement "
    "arrow_function function_expression function generator_function_declaration func_literal "
    "lambda_expression closure_expression lambda_literal "
    "anonymous_function_creation_expression anonymous_function anonymous_method_expression "
    "secondary_constructor init_declaration compact_constructor_declaration lambda "
    "local_function_declaration"
)
CLASSES: Final = words(
    "class_specifier struct_specifier class_declaration class module class_definition "
    "object_definition trait_definition impl_item struct_item object_declaration "
    "companion_object enum_declaration interface_declaration struct_declaration "
    "record_declaration trait_declaration abstract_class_declaration trait_item "
    "enum_specifier enum_item enum_definition union_specifier"
)
HERITAGE: Final = words(
    "superclass base_class_clause class_heritage extends_clause base_list "
    "delegation_specifier base_clause super_interfaces delegation_specifiers"
)
RETURNS: Final = frozenset(
    {"return_statement", "return_expression", "return", "jump_expression", "break_expression"}
)
CHOICES: Final = frozenset({"conditional_expression", "ternary_expression", "conditional"})
FORKS: Final = words(
    "if_statement if_expression if unless if_modifier unless_modifier for_statement "
    "while_statement for_in_statement for_range_loop enhanced_for_statement foreach_statement "
    "for_expression loop_expression while_expression do_statement try_statement "
    "try_with_resources_statement switch_statement switch_expression case_statement "
    "match_expression match_arm when_expression when_entry when case "
    "expression_switch_statement expression_case default_case switch_section select_statement "
    "elseif_statement elseif else else_clause catch_clause switch_block_statement_group "
    "communication_case elsif rescue while until for case_clause switch_case switch_default "
    "repeat_statement type_switch_statement"
)
BLOCKS: Final = words(
    "compound_statement block statement_block constructor_body control_structure_body"
)
BINARIES: Final = words(
    "binary_expression binary infix_expression additive_expression binary_operator "
    "elvis_expression disjunction_expression comparison_expression equality_expression "
    "conjunction_expression multiplicative_expression"
)
INDEXES: Final = words(
    "subscript_expression index_expression array_access element_access_expression "
    "element_reference bracket_index_expression indexing_expression access_call"
)
LISTS: Final = words(
    "array array_expression initializer_list array_creation_expression list tuple "
    "tuple_expression array_initializer array_literal implicit_array_creation_expression "
    "initializer_expression collection_expression string_array pattern_list object_pattern "
    "array_pattern tuple_pattern expression_list variable_list array_initializer_expression "
    "list_literal collection_literal"
)
LOOPS: Final = words(
    "for_in_statement for_range_loop enhanced_for_statement foreach_statement for_expression "
    "for_statement range_clause for_generic_clause for"
)
IGNORED: Final = words(
    "comment line_comment block_comment multiline_comment preproc_include package_clause "
    "import_header import_list using_directive use_declaration package_declaration "
    "package_header"
)
IMPLICIT_RETURN: Final = frozenset({"rust", "ruby", "elixir", "scala", "kotlin"})
"""Languages in which the last expression of a function is what it returns."""
