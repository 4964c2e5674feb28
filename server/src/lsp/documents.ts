/** Which of the documents that a client opens are Dockerfiles, and which files they are. */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { nameOfUri } from './uri.ts';

/** By language where the client names one that we know, else by name: editors differ, and some send no useful language. */
export function isDockerfile({ languageId, uri }: Pick<TextDocument, 'languageId' | 'uri'>): boolean {
  switch (languageId.toLowerCase()) {
    case 'dockerfile':
    case 'containerfile':
    case 'docker':
      return true;
    case '':
    case 'plaintext':
    case 'text':
      return isDockerfileName(nameOfUri(uri));
    default:
      return false;
  }
}

/** `Dockerfile`, `Dockerfile.dev`, `web.Dockerfile`, and the same with Containerfile; `Dockerfile.dockerignore` is none. */
function isDockerfileName(name: string): boolean {
  return /^(docker|container)file(\..+)?$|\.(docker|container)file$/i.test(name) && !/\.dockerignore$/i.test(name);
}
