package dev.leat.view.sql;

import net.sf.jsqlparser.parser.ASTNodeAccess;
import net.sf.jsqlparser.parser.Token;

/**
 * A piece of a text.
 *
 * @param begin offset of its first character
 * @param end offset after its last one
 */
record TextSpan(int begin, int end) {

    /** From one token to another; the parser counts from 1. */
    static TextSpan of(Token first, Token last) {
        return new TextSpan(first.absoluteBegin - 1, last.absoluteEnd - 1);
    }

    static TextSpan of(ASTNodeAccess node) {
        return of(node.getASTNode().jjtGetFirstToken(), node.getASTNode().jjtGetLastToken());
    }

    boolean contains(TextSpan other) {
        return begin <= other.begin && other.end <= end;
    }
}
